import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { beforeAll, describe, expect, it } from 'vitest';
import { startAssistant } from './index.js';
import { openEar } from './testing.js';

const file = fileURLToPath(new URL('../dist/main-under-test.js', import.meta.url));
beforeAll(() =>
  build({
    entry: { 'main-under-test': fileURLToPath(new URL('./main.ts', import.meta.url)) },
    outDir: fileURLToPath(new URL('../dist', import.meta.url)),
    format: 'esm',
    config: false,
    silent: true,
    skipNodeModulesBundle: true,
  }),
);

async function start(...parameters: string[]): Promise<{ child: ChildProcess; urls: { api: string; asr: string; guardian: string } }> {
  const child = spawn(process.execPath, [file, ...parameters], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line', { signal: AbortSignal.timeout(10_000) });
  return { child, urls: JSON.parse(String(line)) };
}

const ended = async (child: ChildProcess): Promise<unknown> => (await once(child, 'exit', { signal: AbortSignal.timeout(5000) }))[0];

describe('the program', () => {
  it('prints where it listens, takes settings and ends on SIGTERM', async () => {
    const { child, urls } = await start('--eos', '850');
    const config = await (await fetch(`${urls.api}/api/voice/config`)).json();
    expect(config).toMatchObject({ vad_eos_timeout_ms: 850 });
    expect(Object.values(urls).every((url) => url.includes('127.0.0.1'))).toBe(true);
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
  });

  it('ends with its standard input when told so', async () => {
    const { child } = await start('--exit-with-stdin');
    child.stdin?.end();
    expect(await ended(child)).toBe(0);
  });

  it.each([['--port', 'eighty'], ['--eos', '5'], ['--colour', 'red'], ['--misbehave', 'sulks']])('refuses %s %s', async (...parameters) => {
    const child = spawn(process.execPath, [file, ...parameters], { stdio: 'ignore' });
    expect(await ended(child)).toBe(2);
  });
});

describe('closing', () => {
  it('ends connections and answers in the making at once, twice if need be', async () => {
    const assistant = await startAssistant();
    const ear = await openEar(assistant.urls.asr);
    const answer = fetch(`${assistant.urls.api}/api/chat`, { method: 'POST', body: JSON.stringify({ session_id: 's', message: 'förklara varför' }) }).then(() => 'answered', () => 'broken off');
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await assistant.close();
    await assistant.close();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(await answer).toBe('broken off');
    expect(await ear.closed).toBe(1006);
    await expect(fetch(`${assistant.urls.api}/health`)).rejects.toThrow();
  });

  it('a taken port is an error that leaves nothing open', async () => {
    const first = await startAssistant();
    await expect(startAssistant({ port: 0, guardianPort: Number(new URL(first.urls.guardian).port) })).rejects.toThrow('EADDRINUSE');
    await first.close();
  });
});
