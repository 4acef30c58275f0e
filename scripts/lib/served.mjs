import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const READY_MS = 20_000;

/**
 * Starts a Node program that prints one line when it is ready and ends with its standard input; hands that line on, and ends the program afterwards.
 * When this process is killed, the input of the program closes too, so it never stays behind. It gets no signals of the terminal: the work may still need it while it winds down.
 */
export async function withProgram(file, args, work) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    return await work(await firstLine(child));
  } finally {
    child.stdin.end();
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await ended;
    clearTimeout(timer);
  }
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the program was not ready within ${READY_MS / 1000} s`)), READY_MS);
    const fail = (error) => {
      clearTimeout(timer);
      reject(error);
    };
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`the program ended with exit code ${code} before it was ready`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
  });
}
