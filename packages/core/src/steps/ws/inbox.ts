import type { RawData, WebSocket } from 'ws';
import { interrupted } from '../late.js';

/** One received message, stamped when it arrived. */
export interface Received {
  readonly data: Buffer;
  readonly binary: boolean;
  readonly at: number;
}

/** Messages in order of arrival until somebody takes them. */
export interface Inbox {
  /** The next message; rejects with what ended the socket once all are taken, or when the signal aborts. */
  next(signal: AbortSignal, waitingFor: string): Promise<Received>;
  /** Takes all that have arrived. */
  drain(): readonly Received[];
  /** Says why no more will come; the first reason counts. */
  end(reason: Error): void;
}

/** What may wait untaken before the other side is made to wait: a server that floods must not fill the memory. */
const MOST_MESSAGES = 1_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** Collects the messages of a socket. */
export function collectMessages(socket: WebSocket, now: () => number): Inbox {
  let queue: Received[] = [];
  let bytes = 0;
  let ended: Error | undefined;
  let wake: (() => void) | undefined;
  socket.on('message', (data: RawData, binary: boolean) => {
    const received = { data: toBuffer(data), binary, at: now() };
    queue.push(received);
    bytes += received.data.length;
    if (queue.length >= MOST_MESSAGES || bytes >= MOST_BYTES) socket.pause();
    wake?.();
  });
  const take = (): Received | undefined => {
    const received = queue.shift();
    if (received === undefined) return undefined;
    bytes -= received.data.length;
    if (socket.isPaused && queue.length < MOST_MESSAGES / 2 && bytes < MOST_BYTES / 2) socket.resume();
    return received;
  };
  return {
    async next(signal, waitingFor) {
      for (;;) {
        if (signal.aborted) throw interrupted(signal, waitingFor);
        const received = take();
        if (received !== undefined) return received;
        if (ended !== undefined) throw ended;
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        wake = undefined;
      }
    },
    drain() {
      const all = queue;
      queue = [];
      bytes = 0;
      if (socket.isPaused) socket.resume();
      return all;
    },
    end(reason) {
      ended ??= reason;
      wake?.();
    },
  };
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
