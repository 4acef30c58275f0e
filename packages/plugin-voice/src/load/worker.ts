/** The thread of a load: carries its job once it is told to go, and tells the main thread what comes of it. The main thread starts it as a file of its own. */
import { parentPort } from 'node:worker_threads';
import type { Json } from '@alice/realops/plugin';
import type { Job, TurnResult } from './job.js';
import type { FromWorker, ToWorker } from './messages.js';
import { startShare, type Share } from './share.js';
import { workerClock } from './worker-clock.js';

/** Results are told together, so often. */
const TELL_MS = 50;

const port = parentPort;
if (port === null) throw new Error('this file is started as a thread by voice.load');
const tell = (message: FromWorker): void => port.postMessage(message);

const asked = new Map<number, (answer: Extract<ToWorker, { kind: 'answer' }>) => void>();
let questions = 0;
let waiting: TurnResult[] = [];
let share: Share | undefined;

const flush = (): void => {
  if (waiting.length > 0) tell({ kind: 'turns', results: waiting });
  waiting = [];
};

async function evaluate(expression: string, input: Json): Promise<Json | undefined> {
  const id = (questions += 1);
  const { value, failure } = await new Promise<Extract<ToWorker, { kind: 'answer' }>>((resolve) => {
    asked.set(id, resolve);
    tell({ kind: 'ask', id, expression, input });
  });
  if (failure !== undefined) throw new Error(failure);
  return value;
}

async function go(job: Job): Promise<void> {
  share = startShare({
    job, clock: workerClock, evaluate,
    take(result) {
      if (waiting.push(result) === 1) setTimeout(flush, TELL_MS);
    },
  });
  const summary = await share.done;
  flush();
  tell({ kind: 'done', summary });
  port?.close();
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'go') void go(message.job);
  else if (message.kind === 'answer') {
    asked.get(message.id)?.(message);
    asked.delete(message.id);
  } else if (share === undefined) port.close();
  else share.stop();
});
// Loaded before the first stream, not while it is sending.
await import('ws');
tell({ kind: 'ready' });
