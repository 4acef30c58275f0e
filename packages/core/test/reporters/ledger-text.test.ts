import { describe, expect, it } from 'vitest';
import { formatLedger, type LedgerEntry, type LedgerView } from '../../src/index.js';

const ENTRY: LedgerEntry = {
  id: '3', issue: 'eos_too_short', remedy: 'longer_eos', use: 'knob.change', param: 'eosTimeout', before: 500, after: 650, stateless: false, rollback: 'POST http://127.0.0.1:8000/api/voice/config {"vad_eos_timeout_ms":500}',
  state: 'kept', loop: 3, time: '2026-11-23T14:12:31.412Z', until: null, cause: 'The end-of-speech timeout is too aggressive', why: null, by: 'realops', digest: '527802e4caf744ba',
};
const NOW = new Date('2026-11-23T15:00:00Z');
const show = (changes: readonly Partial<LedgerEntry>[], options: { readonly columns?: number; readonly color?: boolean; readonly issues?: LedgerView['issues'] } = {}): string =>
  formatLedger({ changes: changes.map((each) => ({ ...ENTRY, ...each })), issues: options.issues ?? [] }, { suiteArgument: 'examples/alice', stateArgument: 'runs/my state', now: NOW, columns: 120, ...options });
/** The same without the lines that are the same for all. */
const short = (change: Partial<LedgerEntry>): readonly string[] => show([change]).trimEnd().split('\n').filter((line) => !/^ {2}(?:made|cause|proposed) /.test(line));

describe('formatLedger', () => {
  it('shows a change with its values, cause and way back', () => {
    expect(show([{}])).toBe(`change 3  kept  eosTimeout 500 → 650
  made      2026-11-23 14:12:31 UTC in loop 3 by longer_eos
  cause     eos_too_short: The end-of-speech timeout is too aggressive
  undo      realops undo 3 examples/alice --state 'runs/my state'
  by hand   POST http://127.0.0.1:8000/api/voice/config {"vad_eos_timeout_ms":500}
`);
  });

  it.each([
    [{ state: 'failed', why: 'still not met' }, ['change 3  did not help  eosTimeout 500 → 650', '  result    still not met; it stays until the next attempt']],
    [{ state: 'unfinished' }, ['change 3  unfinished  eosTimeout 500 → 650', '  result    the next run finishes it before anything else']],
    [{ until: '2026-11-23T15:30:00.000Z' }, ['change 3  kept  eosTimeout 500 → 650', '  ends      2026-11-23 15:30:00 UTC, or at the first run after it']],
    [{ why: 'still not met' }, ['change 3  kept  eosTimeout 500 → 650', '  result    at first: still not met; later its SLOs held']],
  ] as const)('a change in force can be undone: %j', (change, lines) => {
    expect(short(change)).toEqual([...lines, expect.stringContaining('  undo      realops undo 3 '), expect.stringContaining('  by hand   POST ')]);
  });

  it.each([
    [{ state: 'rolled-back', why: 'asked', by: 'anna' }, ['change 3  rolled back  eosTimeout 500 → 650', '  result    a person asked for it', '  person    anna']],
    [{ state: 'aborted', why: 'the write was answered, but the value did not change' }, ['change 3  not made  eosTimeout 500 → 650', '  result    the write was answered, but the value did not change']],
    [{ state: 'conflict', why: 'someone else had set it to 7' }, ['change 3  conflict  eosTimeout 500 → 650', '  result    someone else had set it to 7; it was left alone']],
    [{ use: 'service.restart', param: 'asr', before: null, after: null, stateless: true, rollback: 'nothing to undo: asr runs as before' }, ['change 3  kept  asr (service.restart)', '  undo      nothing to undo: asr runs as before']],
    [{ state: 'proposed', why: 'it needs an approval' }, ['proposal  proposed  eosTimeout 500 → 650', '  waits     it needs an approval', "  allow     realops approve 527802e4caf744ba examples/alice --state 'runs/my state'"]],
    [{ state: 'approved', by: 'anna', until: '2026-11-23T16:00:00.000Z' }, ['proposal  approved  eosTimeout 500 → 650', '  allowed   by anna once, until 2026-11-23 16:00:00 UTC; the next run makes it if its cause is still there']],
    [{ state: 'approved', by: 'anna', until: '2026-11-23T14:59:59.000Z' }, ['proposal  not approved any more  eosTimeout 500 → 650', '  allowed   by anna until 2026-11-23 14:59:59 UTC, which is over', "  allow     realops approve 527802e4caf744ba examples/alice --state 'runs/my state'"]],
  ] as const)('a change that cannot be undone says how it stands: %j', (change, lines) => {
    expect(short(change)).toEqual(lines);
  });

  it('names the change to undo first', () => {
    expect(show([{}, { id: '5', before: 650, after: 800 }, { id: '6', param: 'vadStart' }])).toContain('  undo      change 5 stands on it: undo that one first\n');
  });

  it('ends with the issues that need a person', () => {
    const issues = [{ issue: 'eos_too_short', attempts: 2, failures: 3, manual: '3 loops in a row ended with it unsolved' }, { issue: 'other', attempts: 1, failures: 1, manual: null }];
    expect(show([], { issues })).toBe("needs a person  eos_too_short: 3 loops in a row ended with it unsolved\n  seen to   realops ack eos_too_short examples/alice --state 'runs/my state'\n");
  });

  it('fits a narrow terminal, but for what is to be copied', () => {
    const issues = [{ issue: 'eos_too_short', attempts: 2, failures: 3, manual: '3 loops in a row ended with it unsolved' }];
    const lines = show([{ state: 'failed', why: 'still not met: Swedish WER slow speech (≤ 11 %)' }], { columns: 50, issues }).split('\n');
    const whole = lines.filter((line) => /^ {2}(?:undo|by hand|seen to) /.test(line));
    expect(whole).toHaveLength(3);
    for (const line of lines) if (!whole.includes(line)) expect([line, line.length <= 50]).toEqual([line, true]);
  });

  it('says nothing with colour alone, and lets nothing from outside colour it', () => {
    const coloured = show([{}, { state: 'failed' }, { state: 'proposed' }], { color: true });
    expect(coloured).toContain('\u001b[32mkept\u001b[39m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(show([{}, { state: 'failed' }, { state: 'proposed' }]));
    expect(show([{ cause: 'a\u001b[31mb\nchange 4  kept', before: 'x\u001b[2J' }])).not.toContain('\u001b');
  });

  it('has nothing to say of an empty ledger', () => {
    expect(show([])).toBe('');
  });
});
