import { describe, expect, it } from 'vitest';
import { check } from './checker.js';
import { CONFIGURATIONS, QUICK } from './configurations.js';
import { loadProtocol } from './protocol.js';
import { sweepMutants } from './sweep.js';

describe('the remedy protocol', () => {
  it.each(CONFIGURATIONS)('keeps its promises: $name', async ({ bounds }) => {
    const { violation, sessions, paths } = check(await loadProtocol(), bounds);
    expect(violation).toBeUndefined();
    expect(sessions).toBeGreaterThan(300);
    expect(paths).toBeGreaterThan(sessions);
  }, 120_000);

  it('keeps them in the small walks that weakened copies are put to as well', async () => {
    const protocol = await loadProtocol();
    for (const { name, bounds } of QUICK) expect(check(protocol, bounds).violation, name).toBeUndefined();
  }, 60_000);

  it('breaks one when any of its lines is weakened', async () => {
    const results = await sweepMutants();
    expect(results.length).toBeGreaterThanOrEqual(16);
    expect(results.filter(({ violation }) => violation === undefined).map(({ name }) => name)).toEqual([]);
  }, 120_000);
});
