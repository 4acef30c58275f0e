import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, type Suite } from '../index.js';

const SUITE = `version: 1
suite: whole
environment: staging
include: [more.yaml]
targets: { api: "\${{ env.API ?? 'http://127.0.0.1:8000' }}", mail: '\${{ secrets.MAIL_URL }}' }
secrets: [MAIL_URL, TOKEN]
consents: ['memory:write']
vars: { user: { name: ada }, limit: 200, base: '\${{ env.BASE }}' }
preflight:
  - { id: health, use: http.request, with: { url: api, path: /health }, expect: status = 200, save: { version: body.version } }
scenarios:
  - id: rows
    tags: [smoke]
    data: { file: rows.tsv, where: 'path != "b.wav"', shuffle: 3, limit: 5, parallel: 2 }
    exclusive: [api]
    setup:
      - { use: wait.for, with: { duration: 1ms } }
    steps:
      - id: one
        if: saved.version != "0" and row.path != ""
        use: http.request
        with: { url: '\${{ targets.api }}/\${{ row.path }}', json: { user: '\${{ vars.user }}', token: '\${{ secrets.TOKEN }}' } }
        expect: [status = 200, steps.health.status = 200]
        timeout: 2s
        retry: { attempts: 3, on: [connection], delay: 50ms }
        repeat: { times: 4, delay: 10ms }
        until: body.done = true
        save: { id: body.id }
        measure: { size: bytes }
        onFailure: continue
      - parallel:
          - { id: left, use: http.request, with: { url: api } }
          - { id: right, use: http.request, with: { url: api }, each: [1, 2] }
      - { use: http.request, with: { url: api, path: '/\${{ saved.id }}/\${{ steps.right.status }}' }, if: steps.left.status = 200 }
    finally:
      - { use: http.request, with: { method: DELETE, url: api }, expect: 'status < 300' }
metrics:
  size: { kind: distribution, unit: bytes }
  length: { kind: distribution, unit: count, from: one, value: $length(text) }
`;

describe('load', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'realops-load-'));
    await writeFile(join(folder, 'scenarios.yaml'), SUITE);
    await writeFile(join(folder, 'more.yaml'), 'slos:\n  - { id: small, objective: p95(size) < 2kB, where: { scenario: rows }, severity: minor, minSamples: 3 }\n  - { id: ok, objective: rate(http.success) >= 95%, where: { tag: smoke }, evidence: proven }\n');
    await writeFile(join(folder, 'rows.tsv'), 'path\tsentence\na.wav\thej\nb.wav\tnej\nc.wav\tja\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const loaded = (env = {}): Promise<Suite> => load([folder], { env: { BASE: 'x', ...env } });

  it('compiles every section of a sound suite', async () => {
    const suite = await loaded();
    expect(suite).toMatchObject({ name: 'whole', environment: 'staging', targets: { api: 'http://127.0.0.1:8000' }, vars: { user: { name: 'ada' }, limit: 200, base: 'x' } });
    expect([...suite.consents]).toEqual(['memory:write']);
    expect(suite.files.map((file) => file.slice(folder.length + 1))).toEqual(['scenarios.yaml', 'more.yaml']);
    expect(suite.preflight.map(({ id }) => id)).toEqual(['health']);
    const [scenario] = suite.scenarios;
    expect(scenario).toMatchObject({ id: 'rows', title: 'rows', tags: ['smoke'], exclusive: ['api'], data: { shuffle: 3, limit: 5, parallel: 2 } });
    expect(scenario?.data?.rows.map(({ number, values }) => [number, values['path']])).toEqual([[1, 'a.wav'], [3, 'c.wav']]);
    expect(scenario?.setup.map(({ id }) => id)).toEqual(['setup1']);
    expect(scenario?.steps.map(({ id, kind }) => [id, kind])).toEqual([['one', 'call'], ['step2', 'parallel'], ['step3', 'call']]);
    expect(scenario?.steps[0]).toMatchObject({ timeoutMs: 2_000, onFailure: 'continue', retry: { attempts: 3, on: ['connection'], delayMs: 50, backoff: 2 }, repeat: { times: 4, delayMs: 10 } });
    expect(scenario?.steps[0]?.source).toMatchObject({ file: join(folder, 'scenarios.yaml'), line: 19, column: 9 });
    expect(suite.slos.map(({ id, severity, minSamples, evidence, where }) => [id, severity, minSamples, evidence, where])).toEqual([['small', 'minor', 3, 'point', { scenario: ['rows'] }], ['ok', 'major', 1, 'proven', { tag: ['smoke'] }]]);
    expect(suite.userMetrics.map(({ metric }) => metric.name)).toContain('length');
  });

  it('renders targets and vars from the environment it is given, and from no other', async () => {
    expect((await loaded({ API: 'http://127.0.0.1:9' })).targets['api']).toBe('http://127.0.0.1:9');
    await expect(load([folder])).rejects.toMatchObject({ code: 'REALOPS_LOAD_FAILED', problems: [{ code: 'REALOPS_TEMPLATE_EMPTY', source: { line: 8 } }] });
  });

  it('keeps secrets out of env, and lets a target wait for one that is not set', async () => {
    const without = await loaded();
    expect([...without.missingSecrets].sort()).toEqual(['MAIL_URL', 'TOKEN']);
    expect([...without.missingTargets]).toEqual([['mail', 'MAIL_URL']]);
    const suite = await loaded({ MAIL_URL: 'smtp://u:p@127.0.0.1:25', TOKEN: 't0ken' });
    expect(suite.targets['mail']).toBe('smtp://u:p@127.0.0.1:25');
    expect(suite.env).not.toHaveProperty('TOKEN');
    expect(suite.secrets.get('TOKEN')).toBe('t0ken');
  });

  it('takes consents from the environment, and refuses unknown ones', async () => {
    expect([...(await loaded({ CONSENT_SCOPES: 'calendar:read, email:full' })).consents].sort()).toEqual(['calendar:read', 'email:full', 'memory:write']);
    await expect(loaded({ CONSENT_SCOPES: 'calendar:reed' })).rejects.toMatchObject({ problems: [{ message: 'CONSENT_SCOPES holds "calendar:reed", which is not a consent scope' }] });
  });

  it('takes an empty list of reporters for what it says', async () => {
    const file = join(folder, 'quiet.yaml');
    const steps = 'scenarios: [{ id: a, steps: [{ use: wait.for, with: { duration: 1ms } }] }]';
    await writeFile(file, `version: 1\nsuite: quiet\n${steps}\nreporters: []\n`);
    expect((await load([file])).reporters).toEqual([]);
    await writeFile(file, `version: 1\nsuite: quiet\n${steps}\n`);
    expect((await load([file])).reporters.map(({ type }) => type.name)).toContain('console');
  });

  it('names a path that is not there', async () => {
    await expect(load([join(folder, 'nothing.yaml')])).rejects.toMatchObject({ code: 'REALOPS_FILE_NOT_FOUND' });
    await expect(load([tmpdir()])).rejects.toMatchObject({ code: 'REALOPS_FILE_NOT_FOUND', hint: expect.stringContaining('scenarios.yaml') });
  });
});
