import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../privacy/index.js';
import type { Measured, RunEvent, StepEnd, StepStart } from './event.js';
import { createLineMaker } from './line.js';

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
  { weight: 12, arbitrary: fc.constantFrom('chat', 'http.total', 'åäö', 'a"b\\c\n') },
  { weight: 1, arbitrary: fc.constantFrom('Bearer abcdefgh1', 'http://u:p@h/', 'password') },
);
const number = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, 1e21, 1.5e-7, Number.NaN, Infinity));
const labels = fc.constantFrom({}, { snr: 10 });
const error = fc.constantFrom(null, { code: 'REALOPS_TIMEOUT', message: 'late', hint: null });
const expectations = fc.constantFrom([], [{ expression: 'a', held: false, got: {} }]);
/** Nothing in it can be part of a credential. */
const harmless = fc.string({ unit: fc.constantFrom('a', 'b', 'å', ' ', '"', '\\', '\n', '\u2028', '😀'), maxLength: 250 });

const event = events(text, { invalid: fc.option(text, { freq: 9 }), labels, error, expectations, held: fc.option(text) });
const simple = events(harmless, { invalid: fc.constant(null), labels: fc.constant({}), error: fc.constant(null), expectations: fc.constant([]), held: fc.constant(null) });

/** Events of the frequent kinds, of these texts and these rarer parts. */
function events(of: fc.Arbitrary<string>, rarer: Record<'invalid' | 'labels' | 'error' | 'expectations' | 'held', fc.Arbitrary<unknown>>) {
  const stamp = { seq: fc.nat(), timestamp: fc.constant('2026-11-23T14:12:00.250Z'), at_ms: number, run_id: of };
  const place = { scenario: of, row: fc.nat(), trace_id: of, step: of };
  const phase = fc.constantFrom('preflight', 'setup', 'steps', 'finally');
  const measured = fc.record({ ...stamp, event: fc.constant('measured'), ...place, attempt: fc.nat(), metric: of, kind: fc.constantFrom('distribution', 'rate'), unit: fc.constantFrom('ms', '1'), value: fc.option(number), whole: fc.option(number), invalid: rarer.invalid, labels: rarer.labels });
  const started = fc.record({ ...stamp, event: fc.constant('step_start'), ...place, use: of, phase, attempt: fc.nat() });
  const ended = fc.record({
    ...stamp, event: fc.constant('step_end'), ...place, use: of, phase, attempt: fc.nat(), retried: fc.boolean(), outcome: fc.constantFrom('passed', 'failed', 'cancelled'), duration_ms: number,
    source: fc.record({ file: of, line: fc.nat(), column: fc.nat() }), error: rarer.error, expectations: rarer.expectations, sent: rarer.held, received: rarer.held,
  });
  return fc.oneof(measured, started, ended).map((each) => each as unknown as Measured | StepStart | StepEnd);
}

describe('createLineMaker', () => {
  it('makes the same line as stringifying does, or none', () => {
    const lines = createLineMaker();
    fc.assert(
      fc.property(event, (each) => {
        const line = lines.quick(each);
        if (line !== undefined) expect(line).toBe(JSON.stringify(each));
      }),
      { numRuns: 2_000 },
    );
  });

  it('makes one of every simple event without a credential', () => {
    const lines = createLineMaker();
    fc.assert(
      fc.property(simple, (each) => {
        expect(lines.quick(each)).toBe(JSON.stringify(each));
      }),
      { numRuns: 2_000 },
    );
  });

  it('makes none of an event that redaction could change', () => {
    const lines = createLineMaker();
    const redactor = createRedactor([]);
    fc.assert(
      fc.property(event, (each) => {
        // A credential is looked for again each time it comes, and not only the first.
        for (let turn = 0; turn < 2; turn += 1) {
          const line = lines.quick(each);
          if (line !== undefined) expect(redactor.clean(line)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves other events, and those that say why something failed, to stringifying', () => {
    const lines = createLineMaker();
    const other: RunEvent = { seq: 1, timestamp: '', at_ms: 0, run_id: 'r', event: 'phase_start', phase: 'execute' };
    expect(lines.quick(other)).toBeUndefined();
  });
});
