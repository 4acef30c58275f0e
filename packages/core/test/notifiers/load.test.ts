import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { load } from '../../src/index.js';

/** What is wrong with channels, as `code message`. */
async function problemsOf(channels: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'realops-channels-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'scenarios.yaml'), `version: 1\nsuite: x\ntargets: { api: 'http://127.0.0.1:8000' }\nsecrets: [HOOK]\nscenarios: [{ id: a, steps: [{ use: http.request, with: { url: api } }] }]\nnotify:\n${channels}`);
  try {
    const { channels: loaded } = await load([folder], { env: { HOOK: 'https://hooks.example/T1' } });
    return [...loaded.keys()];
  } catch (error) {
    return (error as { readonly problems: readonly { readonly code: string; readonly message: string }[] }).problems.map(({ code, message }) => `${code} ${message}`);
  }
}

it('channels may name hosts of their own, in any form', async () => {
  expect(await problemsOf(`  a: { use: webhook, url: 'https://hooks.example/T1', headers: { authorization: 'Bearer \${{ secrets.HOOK }}' } }
  b: { use: slack, url: '\${{ secrets.HOOK }}', username: RealOps }
  c: { use: email, url: 'smtps://mail.example', from: RealOps <ops@a.example>, to: [b@a.example, c@a.example], tls: required }
  d: { use: file, path: alerts.jsonl }
  e: { use: webhook, url: api }
`)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('what is neither a target nor a URL, and options that are not right, are refused', async () => {
  const problems = await problemsOf(`  a: { use: webhook, url: apy }
  b: { use: email, url: 'smtp://mail.example', from: nobody, to: b@a.example }
  c: { use: slak, url: api }
  d: { use: file }
`);
  expect(problems).toHaveLength(4);
  expect(problems.join('\n')).toMatch(/REALOPS_TARGET_UNKNOWN "apy"[\s\S]*from[\s\S]*REALOPS_NOTIFIER_UNKNOWN[\s\S]*path/);
});
