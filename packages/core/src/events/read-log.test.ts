import { describe, expect, it } from 'vitest';
import { readLog, type LogNote } from './read-log.js';
import { sampleRun } from './sample-run.js';
import { serialise } from './serialise.js';

const HEALTHY = sampleRun().row('asr', 1, { measured: {} }).slo({ id: 'asr_final' }).end('healthy').events.map(serialise);

async function read(lines: readonly string[]): Promise<{ readonly names: readonly string[]; readonly notes: readonly LogNote[]; readonly copy: readonly string[] }> {
  const notes: LogNote[] = [];
  const names: string[] = [];
  const copy: string[] = [];
  for await (const event of readLog(lines, (note) => notes.push(note))) {
    names.push(event.event);
    copy.push(serialise(event));
  }
  return { names, notes, copy };
}

describe('readLog', () => {
  it('reads a log and gives back every line as it stood', async () => {
    const spaced = HEALTHY.map((line, index) => (index === 1 ? line.replace(':', ': ') : line));
    const { names, notes, copy } = await read(spaced);
    expect(names).toEqual(['run_start', 'test_start', 'step_start', 'measured', 'step_end', 'test_end', 'slo_judged', 'run_end']);
    expect(notes).toEqual([]);
    expect(copy).toEqual(spaced);
  });

  it('leaves out a last line that breaks off, wherever it does', async () => {
    const last = HEALTHY.at(-1) ?? '';
    for (const cut of [1, 20, last.length - 1]) {
      const { names, notes } = await read([...HEALTHY.slice(0, -1), last.slice(0, cut)]);
      expect(names.at(-1)).toBe('slo_judged');
      expect(notes).toEqual([{ kind: 'torn', line: 8 }]);
    }
  });

  it('refuses a broken line with something after it, with its number', async () => {
    await expect(read([HEALTHY[0] ?? '', '{"seq":2,', HEALTHY[1] ?? ''])).rejects.toMatchObject({ code: 'REALOPS_LOG_INVALID', message: expect.stringContaining('line 2 is not JSON') });
  });

  it('refuses what is no event', async () => {
    await expect(read(['[]'])).rejects.toMatchObject({ message: 'line 1 is not an object: []' });
    await expect(read(['{"seq":1}', ''])).rejects.toMatchObject({ code: 'REALOPS_LOG_INVALID' });
    await expect(read([(HEALTHY[5] ?? '').replace('"row":1', '"row":"one"')])).rejects.toMatchObject({ message: expect.stringMatching(/^line 1 is not a test_end event: row must be .*"one"/) });
  });

  it('keeps events of unknown names and unknown fields of known ones', async () => {
    const base = { seq: 1, timestamp: '2026-11-23T14:12:00.000Z', at_ms: 0, run_id: 'r' };
    const { names } = await read([JSON.stringify({ ...base, event: 'budget_burned', knob: 'x' }), JSON.stringify({ ...base, seq: 2, event: 'phase_start', phase: 'execute', extra: { a: 1 } })]);
    expect(names).toEqual(['budget_burned', 'phase_start']);
  });

  it('tells of numbers that are missing or come twice', async () => {
    const { notes } = await read([HEALTHY[0] ?? '', HEALTHY[2] ?? '', HEALTHY[2] ?? '']);
    expect(notes).toEqual([{ kind: 'gap', line: 2, expected: 2, got: 3 }, { kind: 'gap', line: 3, expected: 4, got: 3 }]);
  });

  it('ignores empty lines and a byte order mark', async () => {
    expect((await read([`\ufeff${HEALTHY[0] ?? ''}`, '', '  '])).names).toEqual(['run_start']);
  });
});
