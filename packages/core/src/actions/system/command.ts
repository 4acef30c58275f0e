import { spawn, type ChildProcess } from 'node:child_process';
import { RealopsError, type Clock, type Millis } from '../../plugin.js';
import { redactGeneric } from '../../privacy/generic.js';
import { startDeadline } from '../../time/index.js';
import { killGroup } from './processes.js';

/** How a command is run. */
export interface CommandOptions {
  /** The folder it runs in. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** 30 s by default. */
  readonly timeoutMs?: Millis;
}

const COMMAND_MS = 30_000;
/** What is kept of each output; the rest is read and dropped. */
const MOST_BYTES = 1024 * 1024;
/** How long outputs that something else still holds open are listened to after the command has ended. */
const LINGER_MS = 200;

/**
 * Runs a program with its arguments, without a shell, in a process group of its own, and gives what it wrote to its output. At the deadline, or when the signal
 * aborts, the whole group is killed.
 * @throws RealopsError REALOPS_COMMAND_FAILED when it cannot be started, ends with another code than 0, or writes more than 1 MiB; REALOPS_TIMEOUT;
 * the reason of the signal
 */
export async function runCommand(command: readonly string[], { directory, signal, clock, timeoutMs = COMMAND_MS }: CommandOptions): Promise<string> {
  const [program, ...parameters] = command;
  if (program === undefined || program === '') throw new RealopsError('REALOPS_COMMAND_FAILED', 'the command is empty', { hint: 'write the program and its arguments as a list: [systemctl, reload, asr]' });
  signal.throwIfAborted();
  using deadline = startDeadline(clock, timeoutMs, signal, `the command ${program}`);
  const { code, output, errors, cut } = await runToEnd(program, parameters, directory, deadline.signal, clock);
  if (code !== 0) throw new RealopsError('REALOPS_COMMAND_FAILED', `${showCommand(command)} ended with ${code}${tailOf(errors === '' ? output : errors)}`);
  if (cut) throw new RealopsError('REALOPS_COMMAND_FAILED', `${showCommand(command)} wrote more than ${MOST_BYTES} bytes`);
  return output;
}

/** A command for people: its words, those that look like credentials taken out. */
export function showCommand(command: readonly string[]): string {
  const shown = command.map((word, index) => (/^--?(?:api-?key|token|password|passwd|secret|client-secret)$/i.test(command[index - 1] ?? '') ? '[redacted]' : word));
  return redactGeneric(shown.map((word) => (/^[\w./:=@%+,-]+$/.test(word) || word === '[redacted]' ? word : JSON.stringify(word))).join(' '));
}

/** The end of what a process wrote, as the end of a sentence. */
export function tailOf(text: string): string {
  const tail = redactGeneric(text.trim().slice(-400));
  return tail === '' ? '' : `: ${tail}`;
}

interface Ended {
  readonly code: number | string;
  readonly output: string;
  readonly errors: string;
  readonly cut: boolean;
}

function runToEnd(program: string, parameters: readonly string[], cwd: string, signal: AbortSignal, clock: Clock): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, detached: true, shell: false, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const [output, errors] = [collect(child.stdout), collect(child.stderr)];
    let callOff: (() => void) | undefined;
    const stop = (): void => {
      killGroup(child.pid);
      finish(() => reject(signal.reason instanceof Error ? signal.reason : new RealopsError('REALOPS_CANCELLED', 'cancelled', { cause: signal.reason })));
    };
    const finish = (how: () => void): void => {
      callOff?.();
      signal.removeEventListener('abort', stop);
      child.stdout.destroy();
      child.stderr.destroy();
      how();
    };
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', (cause) => finish(() => reject(new RealopsError('REALOPS_COMMAND_FAILED', `${program} cannot be run: ${cause.message}`, { cause, hint: 'is it installed, and is the path right? It is not run by a shell.' }))));
    const end = (code: number | null, by: string | null): void => finish(() => resolve({ code: code ?? by ?? 'no code', output: output.text(), errors: errors.text(), cut: output.cut() }));
    child.once('close', end);
    // Something that the command left running may hold its outputs open for ever.
    child.once('exit', (code, by) => (callOff = clock.after(LINGER_MS, () => end(code, by))));
  });
}

function collect(stream: NonNullable<ChildProcess['stdout']>): { text(): string; cut(): boolean } {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('error', () => undefined).on('data', (chunk: Buffer) => {
    if (size < MOST_BYTES) chunks.push(chunk.subarray(0, MOST_BYTES - size));
    size += chunk.length;
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), cut: () => size > MOST_BYTES };
}
