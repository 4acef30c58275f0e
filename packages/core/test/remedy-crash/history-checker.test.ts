import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../src/journal/index.js';
import { SAMPLE_FACTS } from './sample-facts.js';
import { checkHistory, type History } from './history-checker.js';

const change = (id: number, before: number, after: number): object => ({ ...SAMPLE_FACTS, id: String(id), loop: id, before, after });
const journal = (...payloads: readonly object[]): readonly JournalRecord[] => payloads.map((payload, index) => ({ seq: index + 1, at: 10 * (index + 1), token: 1, payload: payload as JournalRecord['payload'] }));

/** Two attempts that were both taken back, newest first, as they should be. */
const SOUND: History = {
  first: 100,
  last: 100,
  records: journal(
    { type: 'loop', loop: 1, run: 'a' }, { type: 'intent', change: change(1, 100, 90), approval: null }, { type: 'applied', id: '1' }, { type: 'failed', id: '1', worse: false, why: '' },
    { type: 'loop_end', loop: 1, red: ['slow'], green: [], verdicts: {} }, { type: 'loop', loop: 2, run: 'b' }, { type: 'intent', change: change(2, 90, 80), approval: null }, { type: 'applied', id: '2' },
    { type: 'failed', id: '2', worse: false, why: '' }, { type: 'rollback', id: '2', reason: 'failed', by: 'realops' }, { type: 'rolled_back', id: '2' }, { type: 'rollback', id: '1', reason: 'failed', by: 'realops' },
    { type: 'rolled_back', id: '1' }, { type: 'loop_end', loop: 2, red: ['slow'], green: [], verdicts: {} },
  ),
  writes: [{ value: 90, at: 25 }, { value: 80, at: 75 }, { value: 90, at: 105 }, { value: 100, at: 125 }],
};
const without = (records: readonly JournalRecord[], ...dropped: readonly number[]): readonly JournalRecord[] => journal(...records.filter((_, index) => !dropped.includes(index)).map(({ payload }) => payload as object));

describe('the history checker', () => {
  it('has nothing against a sound history', () => {
    expect(checkHistory(SOUND)).toEqual([]);
  });

  it.each<[string, History]>([
    ['a value that the ledger does not know', { ...SOUND, last: 90 }],
    ['a write before its record', { ...SOUND, writes: [{ value: 90, at: 15 }, ...SOUND.writes.slice(1)] }],
    ['a write without a record', { ...SOUND, writes: [...SOUND.writes, { value: 70, at: 200 }] }],
    ['a change that stays in flight', { ...SOUND, records: SOUND.records.slice(0, 12) }],
    ['a change that was kept without being judged', { ...SOUND, last: 90, records: SOUND.records.slice(0, 3), writes: SOUND.writes.slice(0, 1) }],
    ['two changes in one loop', { ...SOUND, records: journal(...SOUND.records.map(({ payload }) => (JSON.parse(JSON.stringify(payload).replace('"loop":2', '"loop":1')) as object))) }],
    ['taking back from below', { ...SOUND, records: journal(...SOUND.records.map(({ payload }, index) => (index >= 9 && index <= 12 ? { ...(payload as object), id: index <= 10 ? '1' : '2' } : (payload as object)))) }],
    ['a hole', { ...SOUND, records: SOUND.records.filter((_, index) => index !== 4) }],
    ['an earlier holder', { ...SOUND, records: SOUND.records.map((record, index) => ({ ...record, token: index === 5 ? 1 : 2 })) }],
    ['a change that was taken back and is not told', { ...SOUND, records: without(SOUND.records, 9, 10), writes: SOUND.writes }],
  ])('finds %s', (_name, history) => {
    expect(checkHistory(history)).not.toEqual([]);
  });
});
