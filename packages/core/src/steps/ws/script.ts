import { RealopsError, type Infer, type Json, type StepContext } from '../../plugin.js';
import { parseDuration, startDeadline } from '../../time/index.js';
import type { Connection } from './connection.js';
import { parseMessage, type MessageMode } from './message.js';

const text = { type: 'string' } as const;
const duration = { type: 'string', holds: 'duration' } as const;

/** One line of a script. It does what it names in the order of the keys here. */
export const lineSchema = {
  type: 'object',
  properties: {
    send: { description: 'Any value, sent as JSON text' },
    sendText: { ...text, description: 'Sent as a text message' },
    sendBase64: { type: 'string', pattern: '^[A-Za-z0-9+/]*={0,2}$', description: 'Bytes in base64, sent as one binary message' },
    receive: {
      type: 'object',
      description: 'Waits for a message',
      properties: {
        until: { type: 'string', holds: 'expression', description: 'Passes over messages until this holds; the fields of a JSON object are at the root, any other message is value. Any message will do when left out' },
        unless: { type: 'string', holds: 'expression', description: 'A message for which this holds ends the step with an error, e.g. event = "error"' },
        within: { ...duration, description: 'From this line on; by default the deadline of the step' },
        save: { type: 'string', pattern: '^[A-Za-z]\\w*$', description: 'Keeps the message as received.NAME of the output' },
      },
    },
    closed: { type: 'object', description: 'Waits for the other side to close', properties: { within: { ...duration, description: 'From this line on; by default the deadline of the step' } } },
    wait: { ...duration, description: 'Waits before the next line' },
    close: {
      type: 'object',
      description: 'Closes the socket and waits for the answer',
      properties: { code: { type: 'integer', minimum: 1000, maximum: 4999, default: 1000 }, reason: { ...text, maxLength: 123, default: '' } },
    },
  },
} as const;

/** One line of a script as given. */
export type Line = Infer<typeof lineSchema>;

/** What playing a script has brought so far. */
export interface Play {
  readonly connection: Connection;
  readonly context: StepContext;
  readonly parse: MessageMode;
  /** The last messages; at most 2,000 are kept while playing. */
  readonly messages: Json[];
  readonly saved: { [name: string]: Json };
  count: number;
  /** When the last message arrived. */
  lastAt: number | undefined;
  /** When something was last sent, or the socket opened. */
  sentAt: number;
}

/**
 * Refuses what a script can be seen to get wrong before the socket is opened.
 * @throws RealopsError REALOPS_WITH_INVALID
 */
export function checkScript(script: readonly Line[]): void {
  for (const [index, line] of script.entries()) {
    const invalid = (message: string): RealopsError => new RealopsError('REALOPS_WITH_INVALID', `script[${index}] ${message}`);
    if (Object.values(line).every((value) => value === undefined)) throw invalid('does nothing');
    if (line.close === undefined) continue;
    const { code, reason } = line.close;
    if (code !== 1000 && code < 3000 && ![1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].includes(code)) throw invalid(`closes with the code ${code}, which may not be sent`);
    if (Buffer.byteLength(reason) > 123) throw invalid('closes with a reason of more than 123 bytes');
  }
}

/** Plays one line; a failure says which one it was and what had come. */
export async function playLine(line: Line, index: number, play: Play): Promise<void> {
  try {
    await perform(line, index, play);
  } catch (error) {
    if (!(error instanceof RealopsError)) throw error;
    const last = play.messages.at(-1);
    const seen = last === undefined ? 'no message had come' : `${play.count} ${play.count === 1 ? 'message' : 'messages'} had come, the last ${JSON.stringify(last).slice(0, 200)}`;
    throw new RealopsError(error.code, `script[${index}]: ${error.message}; ${seen}`, { cause: error, hint: error.hint });
  }
}

async function perform(line: Line, index: number, play: Play): Promise<void> {
  const { connection, context } = play;
  for (const data of outgoing(line)) {
    play.sentAt = context.clock.now();
    await connection.send(data, context.signal);
  }
  if (line.receive !== undefined) await receive(line.receive, index, play);
  if (line.closed !== undefined) {
    await under(line.closed.within, `the other side did not close within ${line.closed.within ?? ''}`, context, (signal) => connection.closed(signal));
  }
  if (line.wait !== undefined) await context.clock.sleep(parseDuration(line.wait), context.signal);
  if (line.close !== undefined) await connection.close(line.close.code, line.close.reason);
}

function outgoing({ send, sendText, sendBase64 }: Line): readonly (string | Uint8Array)[] {
  return [...(send === undefined ? [] : [JSON.stringify(send)]), ...(sendText === undefined ? [] : [sendText]), ...(sendBase64 === undefined ? [] : [Buffer.from(sendBase64, 'base64')])];
}

async function receive({ until, unless, within, save }: NonNullable<Line['receive']>, index: number, play: Play): Promise<void> {
  const { context, connection } = play;
  const wanted = until === undefined ? 'no message' : `no message for which ${until} holds`;
  await under(within, `${wanted} within ${within ?? ''}`, context, async (signal) => {
    for (;;) {
      const received = await connection.next(signal, wanted);
      const message = keep(parseMessage(received, play.parse), received.at, play);
      if (unless !== undefined && (await context.evaluate(unless, message)) === true) throw new RealopsError('REALOPS_TARGET_FAILED', `a message came for which ${unless} holds`);
      if (until !== undefined && (await context.evaluate(until, message)) !== true) continue;
      context.measure('ws.message', Math.max(0, received.at - play.sentAt), { labels: { receive: save ?? `script[${index}]` } });
      if (save !== undefined) play.saved[save] = message;
      return;
    }
  });
}

/** Puts a message on the record of a play. */
export function keep(message: Json, at: number, play: Play): Json {
  play.count += 1;
  play.lastAt = at;
  play.messages.push(message);
  if (play.messages.length > 2_000) play.messages.splice(0, 1_000);
  return message;
}

/** Does `work` under the step's signal, and under a limit of its own when there is one. */
async function under<T>(within: string | undefined, late: string, { clock, signal }: StepContext, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (within === undefined) return work(signal);
  using limit = startDeadline(clock, parseDuration(within), signal, 'this line');
  try {
    return await work(limit.signal);
  } catch (error) {
    throw limit.expired ? new RealopsError('REALOPS_TIMEOUT', late, { cause: error }) : error;
  }
}
