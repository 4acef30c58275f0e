import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../../errors/index.js';
import { RealopsError } from '../../plugin.js';
import { showCommand, tailOf } from './command.js';

/** A process that was started to stay. */
export interface Started {
  readonly pid: number;
  /**
   * One that ended well has put itself into the background; that is no failure.
   * @throws RealopsError REALOPS_COMMAND_FAILED when it has ended with an error since, with the end of its output
   */
  throwIfFailed(): Promise<void>;
}

/** What is started, and where. */
export interface StartOptions {
  readonly directory: string;
  readonly environment: { readonly [name: string]: string };
  /** The file that its output is appended to. */
  readonly log: string;
}

/** How much of the output is looked at for the reason of a failure. */
const TAIL_BYTES = 4_096;

/**
 * Starts a program in a session of its own, so that it outlives us and no signal meant for us reaches it. Without a shell; its input is empty.
 * @throws RealopsError REALOPS_COMMAND_FAILED when it cannot be started
 */
export async function startDetached(command: readonly string[], { directory, environment, log }: StartOptions): Promise<Started> {
  const [program = '', ...parameters] = command;
  const life: { ended: string | undefined } = { ended: undefined };
  try {
    await mkdir(dirname(log), { recursive: true });
    await using output = await open(log, 'a', 0o600);
    const { size } = await output.stat();
    const child = spawn(program, parameters, { cwd: directory, env: environment, detached: true, shell: false, stdio: ['ignore', output.fd, output.fd], windowsHide: true });
    child.once('exit', (code, by) => (life.ended = code === 0 ? undefined : String(code ?? by)));
    await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.on('error', () => undefined).unref();
    if (child.pid === undefined) throw new Error('the system gave it no number');
    return {
      pid: child.pid,
      async throwIfFailed() {
        if (life.ended !== undefined) throw new RealopsError('REALOPS_COMMAND_FAILED', `${showCommand(command)} ended with ${life.ended}${tailOf(await endOf(log, size))}`, { hint: `its output is in ${log}` });
      },
    };
  } catch (error) {
    throw new RealopsError('REALOPS_COMMAND_FAILED', `${program} cannot be run: ${messageOf(error)}`, { cause: error, hint: 'is it installed, and is the path right? It is not run by a shell.' });
  }
}

/** The end of what was appended to a file since it had `size` bytes. */
async function endOf(file: string, size: number): Promise<string> {
  try {
    await using input = await open(file, 'r');
    const now = (await input.stat()).size;
    const from = Math.max(size, now - TAIL_BYTES);
    const { buffer, bytesRead } = await input.read(Buffer.alloc(Math.max(1, now - from)), 0, null, from);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  }
}
