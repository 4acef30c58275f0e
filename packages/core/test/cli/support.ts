import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built command, as users run it. */
export const CLI = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist/cli.js');

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
  readonly ms: number;
}

/** Starts the command in a folder. */
export function start(args: readonly string[], cwd: string, env: { readonly [name: string]: string } = {}, shell?: string): { readonly child: ChildProcess; readonly done: Promise<Finished> } {
  const started = performance.now();
  const variables = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env };
  const child = shell === undefined ? spawn(process.execPath, [CLI, ...args], { cwd, env: variables }) : spawn('bash', ['-c', `${shell}; exec "$0" "$@"`, process.execPath, CLI, ...args], { cwd, env: variables });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const done = new Promise<Finished>((resolveDone) => child.on('close', (code, signal) => resolveDone({ code, signal, out, error, ms: performance.now() - started })));
  return { child, done };
}

/** Runs the command to its end. */
export function cli(args: readonly string[], cwd: string, env: { readonly [name: string]: string } = {}): Promise<Finished> {
  return start(args, cwd, env).done;
}

/** A fresh folder with files. */
export async function folder(files: { readonly [name: string]: string }): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'realops-cli-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return path;
}

/** A server that answers every request with JSON after a while; gives its URL. */
export async function answering(delayMs: number): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    setTimeout(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ path: request.url, ok: true }));
    }, delayMs);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}` };
}
