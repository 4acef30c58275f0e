import { spawn } from 'node:child_process';
import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';

/** How a program is run. */
export interface ProcessOptions {
  readonly env: { readonly [name: string]: string };
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly atMostMs: Millis;
  /** More output than this ends it. */
  readonly mostBytes: number;
  /** What it is given to read; nothing when absent. */
  readonly input?: Uint8Array;
}

/** What a program left. */
export interface Ended {
  /** Its exit code, or the name of the signal that ended it. */
  readonly code: number | string;
  readonly output: Uint8Array;
  /** The beginning and the end of what it wrote to its error output. */
  readonly errors: string;
  /** It wrote more than it may. */
  readonly isCut: boolean;
}

/** So much of the error output is kept from its beginning, and so much from its end; a damaged file makes thousands of lines. */
const HEAD_CHARACTERS = 16_384;
const TAIL_CHARACTERS = 4_096;

/**
 * Runs a program without a shell, with nothing to read but what it is given, and gives what it wrote. It is killed at its deadline, when it writes too much, and when the signal aborts.
 * @throws RealopsError REALOPS_COMMAND_FAILED when it cannot be started, REALOPS_TIMEOUT, or the reason of the signal
 */
export async function runProcess(file: string, parameters: readonly string[], { env, clock, signal, atMostMs, mostBytes, input }: ProcessOptions): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(file, parameters, { env, shell: false, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  // It may have read enough, or be gone, before it has read all.
  child.stdin.on('error', () => undefined).end(input);
  const stop = (): void => {
    child.kill('SIGKILL');
    // Something that it started may hold its outputs open for ever.
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const chunks: Buffer[] = [];
  let [size, errors, isCut, isLate] = [0, '', false, false];
  let middle = false;
  child.stdout.on('error', () => undefined).on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= mostBytes) return void chunks.push(chunk);
    isCut = true;
    stop();
  });
  child.stderr.on('error', () => undefined).setEncoding('utf8').on('data', (text: string) => {
    errors += text;
    if (errors.length <= HEAD_CHARACTERS + 2 * TAIL_CHARACTERS) return;
    errors = `${errors.slice(0, HEAD_CHARACTERS)}${middle ? '' : '\n…\n'}${errors.slice(-TAIL_CHARACTERS)}`;
    middle = true;
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', (cause) => reject(new RealopsError('REALOPS_COMMAND_FAILED', `${file} cannot be run: ${cause.message}`, { cause })));
    child.once('close', (code, by) => resolve(code ?? by ?? 'no code'));
  });
  signal.addEventListener('abort', stop, { once: true });
  const callOff = clock.after(atMostMs, () => {
    isLate = true;
    stop();
  });
  try {
    const code = await ended;
    signal.throwIfAborted();
    if (isLate) throw new RealopsError('REALOPS_TIMEOUT', `${file} did not finish within ${atMostMs} ms`);
    return { code, output: Buffer.concat(chunks), errors, isCut };
  } finally {
    callOff();
    signal.removeEventListener('abort', stop);
  }
}
