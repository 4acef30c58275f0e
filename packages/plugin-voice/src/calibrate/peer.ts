import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RealopsError, type Clock, type Resource } from '@alice/realops/plugin';

/** The other end of a calibration, in another process. */
export interface Peer {
  /** `ws://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  /**
   * How long each delay of a stream really was, once the stream is closed; null for one that was never reached.
   * @throws RealopsError REALOPS_CONNECTION when the peer says nothing within 10 s
   */
  waited(id: string, signal: AbortSignal): Promise<readonly (number | null)[]>;
}

/** How long starting, and telling of a closed stream, may take. */
const PATIENCE_MS = 10_000;

/** A peer as something that is opened and closed. It ends with us, whatever happens. */
export function loopbackPeer(clock: Clock): Resource<Peer> {
  let child: ChildProcess | undefined;
  return {
    name: 'the loopback peer',
    async open(signal) {
      signal.throwIfAborted();
      const told = new Map<string, readonly (number | null)[]>();
      const listeners = new Set<() => void>();
      let port: number | undefined;
      let ended: string | undefined;
      const started = fork(fileURLToPath(new URL('./calibrate-peer.mjs', import.meta.url)), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
      child = started;
      const wake = (): void => {
        for (const listener of [...listeners]) listener();
      };
      started.on('message', (message: unknown) => {
        const [number, id, waited]: readonly unknown[] = ['port', 'id', 'waited'].map((name): unknown => Reflect.get(Object(message), name));
        if (typeof number === 'number') port = number;
        if (typeof id === 'string' && Array.isArray(waited)) told.set(id, waited.map((value: unknown) => (typeof value === 'number' ? value : null)));
        wake();
      });
      const end = (how: string): void => {
        ended ??= how;
        wake();
      };
      started.once('error', (error) => end(error.message));
      started.once('exit', (code) => end(`it ended with code ${String(code)}`));
      const until = <T>(get: () => T | undefined, what: string, given: AbortSignal): Promise<T> =>
        new Promise((resolve, reject) => {
          const settle = (act: () => void): void => {
            listeners.delete(look);
            given.removeEventListener('abort', abort);
            cancel();
            act();
          };
          const fail = (why: string): void => settle(() => reject(new RealopsError('REALOPS_CONNECTION', `the loopback peer ${what}: ${why}`)));
          const look = (): void => {
            const value = get();
            if (value !== undefined) settle(() => resolve(value));
            else if (ended !== undefined) fail(ended);
          };
          const abort = (): void => settle(() => reject(given.reason instanceof Error ? given.reason : new Error('aborted')));
          const cancel = clock.after(PATIENCE_MS, () => fail(`nothing came within ${PATIENCE_MS / 1_000} s`));
          given.addEventListener('abort', abort, { once: true });
          listeners.add(look);
          if (given.aborted) abort();
          else look();
        });
      const listening = await until(() => port, 'could not be started', signal).catch((error: unknown) => {
        started.kill();
        throw error;
      });
      return { url: `ws://127.0.0.1:${listening}`, waited: (id, given) => until(() => told.get(id), 'did not tell what it did', given) };
    },
    async close() {
      const running = child;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once('exit', resolve));
      running.kill();
      await gone;
    },
  };
}
