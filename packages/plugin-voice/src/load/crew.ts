import { Worker } from 'node:worker_threads';
import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';
import type { Evaluate } from '../protocols/custom.js';
import type { Job, ShareSummary, TurnResult } from './job.js';
import type { FromWorker, ToWorker } from './messages.js';
import { startShare } from './share.js';

/** Those who carry a load: this thread, or threads of their own. */
export interface Crew {
  /** Ends when all streams have ended; rejects when a thread died. */
  readonly done: Promise<readonly ShareSummary[]>;
  /** Cancels everything; ends when every connection is closed. */
  stop(): Promise<void>;
}

/** What a crew needs. */
export interface CrewOptions {
  readonly clock: Clock;
  readonly evaluate: Evaluate;
  take(result: TurnResult): void;
  /** All are ready, and begin now. */
  onGo(): void;
}

/** A thread that has not closed its connections after so long is ended. */
const STOP_MS: Millis = 600;

/** Carries a job on the main thread. */
export async function startHere(job: Job, { clock, evaluate, take, onGo }: CrewOptions): Promise<Crew> {
  // Loaded before the first stream, not while it is sending.
  await import('ws');
  onGo();
  const share = startShare({ job, clock, evaluate, take });
  return {
    done: share.done.then((summary) => [summary]),
    async stop() {
      share.stop();
      await share.done;
    },
  };
}

/** A thread for each job, of the file `url`. They begin together, once all are ready. */
export async function startThreads(url: URL, jobs: readonly Job[], options: CrewOptions, signal: AbortSignal): Promise<Crew> {
  const threads = jobs.map((job) => startThread(url, job, options));
  const stop = async (): Promise<void> => {
    await Promise.all(threads.map((each) => each.stop()));
  };
  const abandon = (): void => void stop();
  signal.addEventListener('abort', abandon, { once: true });
  try {
    await Promise.all(threads.map(({ ready }) => ready));
    signal.throwIfAborted();
  } catch (error) {
    await stop();
    throw error;
  } finally {
    signal.removeEventListener('abort', abandon);
  }
  options.onGo();
  for (const each of threads) each.go();
  return { done: Promise.all(threads.map(({ done }) => done)), stop };
}

interface Thread {
  readonly ready: Promise<void>;
  readonly done: Promise<ShareSummary>;
  go(): void;
  stop(): Promise<void>;
}

function startThread(url: URL, job: Job, { clock, evaluate, take }: CrewOptions): Thread {
  const worker = new Worker(url, { name: 'voice.load' });
  const tell = (message: ToWorker): void => worker.postMessage(message);
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
    worker.on('error', (cause) => reject(new RealopsError('REALOPS_STEP_FAILED', `a thread of the load failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })));
    void exited.then(() => reject(new RealopsError('REALOPS_STEP_FAILED', 'a thread of the load ended before its streams had')));
  });
  const hears = <T>(pick: (message: FromWorker) => T | undefined): Promise<T> => {
    const heard = new Promise<T>((resolve) => {
      worker.on('message', (message: FromWorker) => {
        const found = pick(message);
        if (found !== undefined) resolve(found);
      });
    });
    const either = Promise.race([heard, failed]);
    // Whoever waits is told; nobody has to.
    either.catch(() => undefined);
    return either;
  };
  const answer = ({ id, expression, input }: Extract<FromWorker, { kind: 'ask' }>): void =>
    void evaluate(expression, input).then(
      (value) => tell({ kind: 'answer', id, ...(value === undefined ? {} : { value }) }),
      (error: unknown) => tell({ kind: 'answer', id, failure: error instanceof Error ? error.message : String(error) }),
    );
  worker.on('message', (message: FromWorker) => {
    try {
      if (message.kind === 'turns') message.results.forEach(take);
      else if (message.kind === 'ask') answer(message);
    } catch (error) {
      fail(error);
    }
  });
  return {
    ready: hears(({ kind }) => (kind === 'ready' ? true : undefined)).then(() => undefined),
    done: hears((message) => (message.kind === 'done' ? message.summary : undefined)),
    go: () => tell({ kind: 'go', job }),
    async stop() {
      tell({ kind: 'stop' });
      const callOff = clock.after(STOP_MS, () => void worker.terminate());
      await exited;
      callOff();
    },
  };
}
