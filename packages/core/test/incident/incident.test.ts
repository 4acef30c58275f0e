import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRecentEvents } from '../../src/diagnose/notable.js';
import { createFold } from '../../src/events/fold.js';
import type { RunEvent } from '../../src/events/event.js';
import { diagnosticsText, MOST_BYTES, type DiagnosticsParts } from '../../src/incident/diagnostics.js';
import { incidentId, type Incident } from '../../src/incident/incident.js';
import { incidentText } from '../../src/incident/markdown.js';
import { readSystem, type SystemSample } from '../../src/incident/system.js';
import { writeDiagnostics, writeIncident } from '../../src/incident/write.js';
import { createRedactor } from '../../src/privacy/index.js';
import { RUNS } from '../reporters/support.js';

/** `UPDATE_GOLDENS=1` writes what is said now; every change is to be read before it is committed. */
const UPDATE = process.env['UPDATE_GOLDENS'] === '1';

const SYSTEM: SystemSample = {
  at: '2026-11-23T14:12:01.000Z',
  process: { rss_bytes: 120_000_000, peak_rss_bytes: 150_000_000, threads: 11, open_files: 23, heap_used_bytes: 30_000_000, heap_limit_bytes: 2_000_000_000 },
  machine: { cpus: 2, load: [0.5, 1.25, 3], memory_bytes: 8_000_000_000, memory_available_bytes: 5_000_000_000, swap_bytes: 0, swap_free_bytes: 0 },
};

function incidentOf(events: readonly RunEvent[], extra: Partial<Incident> = {}): Incident {
  const fold = createFold();
  const recent = createRecentEvents();
  for (const event of events) {
    fold.on(event);
    recent.on(event);
  }
  return {
    id: '001-wer_high', title: 'WER too high', severity: 'critical', opened: '2026-11-23T14:20:00.000Z', reasons: ['`slos.wer.value > 0.11` has held for 10 min'],
    report: fold.report(), events: recent.list(), earlierEvents: recent.dropped, system: SYSTEM, files: [{ name: 'diagnostics-001-wer_high.json', what: 'events, last answers, figures and states as data' }], ...extra,
  };
}

const partsOf = (incident: Incident): DiagnosticsParts => ({ ...incident, system: [SYSTEM] });

describe('an incident', () => {
  it.each(['failed', 'rolled back', 'needs human', 'could not run', 'hostile'])('%s is told in exactly these words', (kind) => {
    const golden = join(import.meta.dirname, 'golden', `${kind.replaceAll(' ', '-')}.md`);
    const text = incidentText(incidentOf(RUNS[kind]?.() ?? []));
    if (UPDATE) writeFileSync(golden, text);
    expect(existsSync(golden), `${golden} is missing`).toBe(true);
    expect(text).toBe(readFileSync(golden, 'utf8'));
  });

  it('is short when much happened, and says what it leaves out', () => {
    const events = RUNS['failed']?.() ?? [];
    const many = Array.from({ length: 300 }, (_, index) => events.filter(({ event }) => event === 'warning').map((event) => ({ ...event, seq: index + 1 }))).flat();
    const text = incidentText(incidentOf([...events, ...many], { earlierEvents: 7 }));
    expect(text).toContain('- 7 earlier events are in `log.jsonl`');
    expect(text).toMatch(/^- … 100 more …$/m);
  });

  it('lets nothing from outside become markup, a link, a heading or a list', () => {
    const outside = '# x\n- [a](http://evil.example) <script>alert(1)</script> | `b` ![i](http://evil.example/i.png) @channel';
    const hostile = incidentOf(RUNS['hostile']?.() ?? [], { title: outside, reasons: [outside], files: [{ name: outside, what: outside }], earlierEvents: 2 });
    const text = incidentText(hostile).replaceAll(/^ *(`{3,})text\n[\s\S]*?\n *\1$/gm, '');
    const prose = text.replaceAll(/\\[^\n]|(?<!`)(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (whole) => (whole.startsWith('`') ? 'CODE' : whole));
    expect(prose).not.toMatch(/(?<!\\)[<>[\]]|https?:\/\//);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028]/);
    expect(text.split('\n').filter((line) => line.startsWith('#')).every((line) => /^# Incident |^## (?:What|Preflight|Why|Changes|Failed|Timeline|State|Reproduce|Files)/.test(line))).toBe(true);
  });

  it('has an id that is a file name', () => {
    expect([incidentId(1, 'guardian_emergency'), incidentId(12, '../../etc/passwd'), incidentId(3, 'ö / ü'), incidentId(4, '')]).toEqual(['001-guardian_emergency', '012-etc_passwd', '003-o_u', '004']);
  });
});

describe('the diagnostics bundle', () => {
  it('holds everything of the last minutes as one JSON object', () => {
    const bundle = JSON.parse(diagnosticsText(partsOf(incidentOf(RUNS['failed']?.() ?? [])))) as { readonly [name: string]: readonly { readonly event?: string }[] };
    expect(bundle).toMatchObject({ version: 1, id: '001-wer_high', severity: 'critical', suite: 'alice', outcome: 'failed', left_out: [], system: [SYSTEM], slos: [{ id: 'asr_final', verdict: 'fail' }], manual_actions: [{ command: 'realops init' }] });
    expect(bundle['failed_steps']?.length).toBeGreaterThanOrEqual(4);
    expect(bundle['failed_steps']).toContainEqual(expect.objectContaining({ event: 'step_end', received: { text: '' } }));
    expect(bundle['events']?.at(-1)).toMatchObject({ event: 'run_end' });
    expect(bundle['metrics']?.[0]).toMatchObject({ metric: 'voice.final' });
  });

  it('leaves out what is older, and says so', () => {
    const incident = incidentOf(RUNS['failed']?.() ?? [], { opened: '2026-11-23T15:12:00.000Z', earlierEvents: 5 });
    const bundle = JSON.parse(diagnosticsText({ ...partsOf(incident), windowMs: 60_000 })) as { readonly events: readonly unknown[]; readonly left_out: readonly unknown[] };
    expect(bundle.events).toEqual([]);
    expect(bundle.left_out).toEqual([{ what: 'events', count: incident.events.length + 5, why: 'before 2026-11-23T15:11:00.000Z' }]);
  });

  it('never exceeds its limit, keeps the newest, and counts the rest', () => {
    const [first] = RUNS['failed']?.() ?? [];
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 200_000 }), fc.array(fc.integer({ min: 1, max: 30_000 }), { maxLength: 40, size: 'max' }), (limit, sizes) => {
        const events = sizes.map((size, index) => ({ ...first, event: 'warning', seq: index, timestamp: '2026-11-23T14:19:00.000Z', about: 'x', code: 'X', message: 'ö'.repeat(size / 2) }) as RunEvent);
        const incident = incidentOf(RUNS['needs human']?.() ?? []);
        const text = diagnosticsText({ ...partsOf(incident), events }, limit);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        const bundle = JSON.parse(text) as { readonly events: readonly { readonly seq: number }[]; readonly left_out: readonly { readonly what: string; readonly count: number }[] };
        expect(bundle.events.length + (bundle.left_out.find(({ what }) => what === 'events')?.count ?? 0)).toBe(events.length);
        expect(bundle.events.map(({ seq }) => seq)).toEqual(bundle.events.map(({ seq }) => seq).sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
    expect(MOST_BYTES).toBe(1_048_576);
  });
});

describe('written files', () => {
  it('are whole, and hold no secret', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'realops-incident-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const incident = incidentOf(RUNS['rolled back']?.() ?? [], { reasons: ['the token tops3cretvalue was refused'] });
    const place = { directory, redactor: createRedactor([['TOKEN', 'tops3cretvalue']]) };
    expect([await writeIncident(incident, place), await writeDiagnostics(partsOf(incident), place)]).toEqual(['incident-001-wer_high.md', 'diagnostics-001-wer_high.json']);
    expect((await readdir(directory)).sort()).toEqual(['diagnostics-001-wer_high.json', 'incident-001-wer_high.md']);
    const [markdown, bundle] = await Promise.all([readFile(join(directory, 'incident-001-wer_high.md'), 'utf8'), readFile(join(directory, 'diagnostics-001-wer_high.json'), 'utf8')]);
    expect(`${markdown}${bundle}`).not.toContain('tops3cret');
    expect(JSON.parse(bundle)).toMatchObject({ reasons: ['the token [secret:TOKEN] was refused'] });
  });
});

describe('the state of the system', () => {
  it('is read where it can be, and known to be unknown elsewhere', async () => {
    const now = new Date('2026-11-23T14:12:01.000Z');
    const here = await readSystem(now);
    expect(here).toMatchObject({ at: '2026-11-23T14:12:01.000Z', machine: { load: [expect.any(Number), expect.any(Number), expect.any(Number)] } });
    expect(here.machine.memory_bytes).toBeGreaterThan(here.machine.memory_available_bytes);
    const nowhere = await readSystem(now, '/nonexistent');
    expect(nowhere.process).toMatchObject({ rss_bytes: null, peak_rss_bytes: null, threads: null, open_files: null });
    expect(nowhere.machine).toMatchObject({ memory_bytes: here.machine.memory_bytes, swap_bytes: null });
  });
});
