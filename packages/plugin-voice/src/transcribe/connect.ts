import { RealopsError, type StepContext } from '@alice/realops/plugin';
import type { AsrProtocol, AsrSession } from '../protocols/protocol.js';
import { openChannel, type Channel } from '../stream/channel.js';
import type { Conversation } from './converse.js';
import { configOf, type TranscribeParameters } from './prepare.js';
import { formOf } from './stream.js';

/** What of the parameters says where the recogniser is and how it is spoken to. */
export type ConnectParameters = Pick<TranscribeParameters, 'target' | 'headers' | 'language' | 'config' | 'encoding'>;

/** An open connection to a recogniser, in the words of its protocol. */
export interface Connection {
  readonly channel: Channel;
  readonly session: AsrSession;
}

/** Opens the connection; the engine closes it. */
export async function connect(parameters: ConnectParameters, protocol: AsrProtocol, context: StepContext): Promise<Connection> {
  const { traceId } = context.step;
  const session = protocol.start({ language: parameters.language, config: configOf(parameters), audio: formOf(parameters, protocol), traceId });
  const headers = { traceparent: `00-${traceId}-${traceId.slice(16)}-01`, ...parameters.headers };
  const channel = await context.use(await openChannel(protocol, session, { url: context.target(parameters.target), headers, clock: context.clock }));
  return { channel, session };
}

/** Waits until a conversation is over. `missing` is called when it broke off, or was not over at the deadline of the step; not when it was called off. */
export async function untilDone(conversation: Conversation, context: StepContext, missing: () => void): Promise<void> {
  // The engine stops listening to a step once its signal has aborted, so a final missing at the deadline is put on the record at that very moment.
  const atDeadline = (): void => {
    if (context.signal.reason instanceof RealopsError && context.signal.reason.code === 'REALOPS_TIMEOUT') missing();
  };
  context.signal.addEventListener('abort', atDeadline, { once: true });
  try {
    await conversation.done;
  } catch (error) {
    if (!context.signal.aborted) missing();
    throw error;
  } finally {
    context.signal.removeEventListener('abort', atDeadline);
  }
}
