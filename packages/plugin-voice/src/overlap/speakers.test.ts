import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeers } from '../fixtures/peers/index.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { overlap } from './overlap.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-speakers-'));
  await writeFile(join(folder, 'anna.wav'), wavFile(padded(speechLike(0.6), 0.1, 0.1)));
  await writeFile(join(folder, 'bo.wav'), wavFile(padded(speechLike(0.5), 0.2, 0.1)));
});
afterAll(() => rm(folder, { recursive: true }));

/** Anna from 100 to 700 ms, Bo from 400 to 900. */
const SPEAKERS = [
  { id: 'anna', audio: 'anna.wav', reference: 'tänd lampan', segments: [{ startMs: 100, endMs: 700 }] },
  { id: 'bo', audio: 'bo.wav', reference: 'hur blir vädret', overlapMs: 300, segments: [{ startMs: 200, endMs: 700 }] },
];
/** What comes back: one word wrong, and the last 100 ms of each speaker missed. */
const heard = (anna: string, bo: string): readonly { readonly speaker: string; readonly startMs: number; readonly endMs: number; readonly text: string }[] => [
  { speaker: anna, startMs: 100, endMs: 600, text: 'tänd lampan' }, { speaker: bo, startMs: 400, endMs: 800, text: 'hur blir väder' },
];
async function run(name: string, config: { readonly [name: string]: string | boolean | number }, [anna, bo]: readonly [string, string]): Promise<StepRun & { readonly violations: readonly string[]; readonly asked: string }> {
  const kind = startPeers[name];
  if (kind === undefined) throw new Error(`no peer for ${name}`);
  await using peer = await kind.start([{ at: 'end', say: 'final', text: 'tänd lampan hur blir väder', said: heard(anna, bo) }]);
  const result = await runStep(overlap, { target: 'asr', protocol: name, config, speakers: SPEAKERS, tailMs: 100, headers: { authorization: 'Token key-of-a-test' } }, { targets: { asr: peer.url }, files: folder, timeoutMs: 8_000 });
  return { ...result, violations: peer.violations, asked: peer.requests[0]?.url ?? '' };
}
const ratio = (result: StepRun, metric: string): unknown => {
  const sample = result.measurements.find((each) => each.metric === metric);
  return sample === undefined ? undefined : `${Math.round(Number(sample.value))}/${Math.round(Number(sample.whole))}`;
};

describe.each<readonly [name: string, config: { readonly [name: string]: string | boolean | number }, asked: string, labels: readonly [string, string]]>([
  ['assemblyai', { speaker_labels: true, max_speakers: 2 }, 'speaker_labels=true&max_speakers=2', ['A', 'B']],
  ['deepgram', { diarize_model: 'latest' }, 'diarize_model=latest', ['0', '1']],
  ['deepgram', { diarize: true }, 'diarize=true', ['0', '1']],
])('%s with %o', (name, config, asked, labels) => {
  it('tells who said what, and when', async () => {
    const result = await run(name, config, labels);
    expect(result.error).toBeUndefined();
    expect([result.violations, result.asked]).toEqual([[], expect.stringContaining(asked)]);
    expect(Object(result.output).said).toEqual(heard(...labels).map(({ text, ...each }) => ({ ...each, text: name === 'assemblyai' ? expect.stringMatching(new RegExp(`^${text}\\.?$`, 'iu')) : text })).map((each) => ({ ...each, startMs: expect.closeTo(each.startMs, 6), endMs: expect.closeTo(each.endMs, 6) })));
    expect([ratio(result, 'voice.cpWer'), ratio(result, 'voice.der')]).toEqual(['1/5', '200/1100']);
    expect(result.output).toMatchObject({ levels: [{ takenFor: labels[0] }, { takenFor: labels[1] }] });
  });

  it('tells nothing of speakers when it is not asked', async () => {
    const result = await run(name, {}, labels);
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ said: [], cpWer: null, der: null, overlapWer: 1 / 5 });
  });
});
