import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Whether a script was called itself, and not only imported. */
export function isMain(url) {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(url);
}

/**
 * Runs a command with the output of this process (`quiet` keeps it instead); gives its exit code. Signals go on to the command,
 * but for the interrupt key: a terminal sends that to both, and a second one means "at once".
 */
export function run(command, args, { cwd = root, env = process.env, quiet = false } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'] });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    const forward = (signal) => child.kill(signal);
    const interrupt = () => process.stdin.isTTY || child.kill('SIGINT');
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', forward);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', forward);
      done({ code: code ?? (signal === 'SIGINT' ? 130 : 1), output });
    });
  });
}

/** Runs a command that must succeed; prints its output and ends this process otherwise. */
export async function must(command, args, options = {}) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) {
    process.stderr.write(`${output}\n${command} ${args.join(' ')} failed with exit code ${code}\n`);
    process.exit(code);
  }
  return output;
}
