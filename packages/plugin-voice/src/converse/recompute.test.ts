import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, recompute, run, type Recomputed, type RunEvent, type Suite } from '@alice/realops';
import type { Clock, Json } from '@alice/realops/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentChannel } from '../fixtures/agent/in-process.js';
import { startAgent } from '../fixtures/agent/start.js';
import { holdVirtually, planOf, tone } from '../fixtures/agent/virtual.js';
import { systemClock } from '../fixtures/clock.js';
import { wavFile } from '../fixtures/speech.js';
import voice from '../index.js';
import { conversationFiguresOf } from './measure.js';
import { recomputation } from './recompute.js';
import type { Timeline } from './timeline.js';

const SUITE = `version: 1
suite: talks
plugins: ['@alice/realops-plugin-voice']
targets: { talk: '\${{ env.TALK }}' }
scenarios:
  - id: talk
    data: { rows: [{ clip: say.wav }] }
    steps:
      - use: voice.converse
        with:
          target: talk
          hangUpMs: 300
          turns:
            - { id: ask, say: { file: say.wav }, start: { after: sessionStart, delayMs: 300 } }
            - { id: cut, say: { file: say.wav }, expect: stop, start: { after: agentSpeechStart, delayMs: 600 } }
            - { id: nobody, say: { file: say.wav }, withinMs: 500, start: { delayMs: 200 } }
`;

let folder: string;
let suite: Suite;
/** The runs: on time as far as the machine is, and with a sender that wakes up late. */
let logs: { readonly [how in 'plain' | 'late']: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-recompute-'));
  await writeFile(join(folder, 'say.wav'), wavFile(tone(500)));
  await writeFile(join(folder, 'scenarios.yaml'), SUITE);
  await using agent = await startAgent({ delayMs: 500, stopDelayMs: 200, bargeInMs: 200, replyMs: 1_500, clears: true, misbehave: { never: 3 } });
  suite = await load([join(folder, 'scenarios.yaml')], { env: { TALK: agent.url }, plugins: [voice] });
  const held = async (name: string, clock: Clock): Promise<string> => {
    const running = run(suite, { runs: join(folder, name), clock });
    await running.report;
    return join(running.directory ?? '', 'log.jsonl');
  };
  logs = { plain: await held('plain', systemClock), late: await held('late', { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms + 45, signal) }) };
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const eventsIn = async (log: string): Promise<readonly RunEvent[]> => (await readFile(log, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as RunEvent);

/** A copy of a run whose timeline was changed by hand, and whose log says that this is what was stored. */
async function changed(name: string, log: string, change: (timeline: Timeline) => object, record: (event: RunEvent) => RunEvent = (event) => event): Promise<readonly Recomputed[]> {
  const events = await eventsIn(log);
  const stored = events.find((event) => event.event === 'artifact_stored' && event.name === 'timeline.json');
  if (stored?.event !== 'artifact_stored') throw new Error('the run stored no timeline');
  const timeline = JSON.parse(await readFile(join(log, '..', stored.path), 'utf8')) as Timeline;
  const body = JSON.stringify(change(timeline));
  const copy = await mkdtemp(join(folder, name));
  await writeFile(join(copy, 'timeline.json'), body);
  const sha256 = createHash('sha256').update(body).digest('hex');
  await writeFile(join(copy, 'log.jsonl'), events.map((event) => `${JSON.stringify(event === stored ? { ...stored, path: 'timeline.json', sha256 } : record(event))}\n`).join(''));
  return await recompute(join(copy, 'log.jsonl'), suite.steps);
}

describe('a conversation whose figures are made again', () => {
  it('comes out as recorded when our frames were late, and says so of the same values', async () => {
    const measured = (await eventsIn(logs.late)).filter((event) => event.event === 'measured');
    expect(measured.find(({ metric }) => metric === 'voice.turnLatency')).toMatchObject({ invalid: expect.stringMatching(/sender late: p99 \d+ ms|held up ourselves/u) });
    // Who was due and never came is not worse than any limit when we were late ourselves.
    expect(measured.find(({ metric, labels }) => metric === 'voice.turnLatency' && labels['turn'] === 'nobody')).toMatchObject({ value: null, invalid: expect.stringMatching(/late|held up/u) });
    expect(await recompute(logs.late, suite.steps)).toMatchObject([{ figures: expect.any(Number), differences: [], problem: null }]);
  });

  it('comes out as recorded when they were not', async () => {
    const [again] = await recompute(logs.plain, suite.steps);
    expect(again).toMatchObject({ differences: [], problem: null });
    expect(again?.figures).toBeGreaterThan(15);
  });

  it('tells of frames that were shifted by hand, value by value, and of no other turn', async () => {
    const [again] = await changed('shifted', logs.plain, (timeline) => {
      const [first] = timeline.turns;
      const from = timeline.sentMs.findIndex((at) => at > (first?.endMs ?? 0));
      return { ...timeline, sentMs: timeline.sentMs.map((at, index) => (index >= from && index < from + 5 ? at + 700 : at)) };
    });
    const latency = again?.differences.find(({ metric }) => metric === 'voice.turnLatency');
    expect(latency?.recomputed?.value).toBe(latency?.recorded?.value);
    expect(latency?.recomputed?.invalid).toMatch(/^we were held up ourselves for \d+ ms$/u);
    expect(again?.differences.find(({ metric }) => metric === 'voice.turnMissed')).toMatchObject({ recomputed: { value: 0, invalid: latency?.recomputed?.invalid } });
    expect(again?.differences.some(({ metric }) => metric === 'voice.bargeInStop')).toBe(false);
  });

  it('tells of a value that comes out as one that may be judged', async () => {
    const [again] = await changed('smoothed', logs.late, (timeline) => ({ ...timeline, sentMs: timeline.sentMs.map((_, index) => (timeline.sentMs[0] ?? 0) + index * timeline.frameMs) }));
    expect(again?.differences.find(({ metric }) => metric === 'voice.turnLatency')).toMatchObject({ recorded: { invalid: expect.any(String) }, recomputed: { invalid: null } });
  });

  it('does not hold it against a timeline of before that it does not say what waited unsent', async () => {
    const before = ({ unsentBytes: _, ...timeline }: Timeline): object => timeline;
    expect(await changed('before', logs.plain, before)).toMatchObject([{ differences: [], problem: null }]);
    // Then there was no reason on the record for what never came.
    const nullsValid = (event: RunEvent): RunEvent => (event.event === 'measured' && event.value === null ? { ...event, invalid: null } : event);
    expect(await changed('before-late', logs.late, before, nullsValid)).toMatchObject([{ differences: [], problem: null }]);
    expect(await changed('now-late', logs.late, (timeline) => timeline, nullsValid)).toMatchObject([{ differences: expect.arrayContaining([expect.objectContaining({ metric: 'voice.turnLatency', recorded: { value: null, whole: null, invalid: null } })]) }]);
  });

  it('finds in the timeline that our frames waited unsent, and reads one of before that may or may not', async () => {
    const agent = { delayMs: 500, replyMs: 800 };
    let backedUp = 70_000;
    const plans = [planOf('ask', tone(500), { start: { after: 'sessionStart' } })];
    const { timeline } = await holdVirtually(agent, plans, {}, () => 0, (clock) => ({ ...agentChannel(agent, clock), buffered: () => (backedUp = Math.max(0, backedUp - 1)) }));
    expect(timeline.unsentBytes).toBe(69_999);
    const reasons = conversationFiguresOf(timeline).measurements.map(({ value, invalid }) => [typeof value, invalid]);
    expect(reasons.filter(([kind]) => kind === 'number').every(([, invalid]) => invalid === 'sender backed up: 68 KiB unsent')).toBe(true);
    expect(reasons.filter(([kind]) => kind !== 'number').every(([, invalid]) => invalid === undefined)).toBe(true);
    const { unsentBytes: _, ...before } = timeline;
    const again = recomputation.measurements(before as object as Json);
    expect(again.filter(({ value }) => typeof value === 'number').every((made) => !('invalid' in made))).toBe(true);
    expect(again.filter(({ value }) => typeof value === 'boolean').every(({ invalid }) => invalid === null)).toBe(true);
  });
});
