import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a Node program that prints one line when it is ready and ends with its standard input; gives that line, and ends the program afterwards. */
export async function withProgram(file, args, use) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    return await use(await firstLine(child));
  } finally {
    child.stdin.end();
    child.kill('SIGTERM');
  }
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the program was not ready within 20 s')), 20_000);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the program ended with exit code ${code} before it was ready`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
  });
}
