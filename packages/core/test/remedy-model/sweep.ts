export { INVARIANTS } from './invariants.js';
import { check, type Checked } from './checker.js';
import { CONFIGURATIONS, QUICK } from './configurations.js';
import type { Violation } from './invariants.js';
import { MUTANTS } from './mutants.js';
import { loadProtocol } from './protocol.js';

/** What walking through the protocol as it stands gave, configuration by configuration. */
export async function sweep(): Promise<readonly (Checked & { readonly name: string; readonly ms: number })[]> {
  const protocol = await loadProtocol();
  return CONFIGURATIONS.map(({ name, bounds }) => {
    const started = performance.now();
    return { name, ...check(protocol, bounds), ms: Math.round(performance.now() - started) };
  });
}

/** What became of each weakened copy: the promise it broke first, or nothing when it survived. */
export async function sweepMutants(): Promise<readonly { readonly name: string; readonly violation: Violation | undefined }[]> {
  const results: { readonly name: string; readonly violation: Violation | undefined }[] = [];
  for (const mutant of MUTANTS) {
    const protocol = await loadProtocol(mutant);
    let violation: Violation | undefined;
    for (const { bounds } of QUICK) {
      ({ violation } = check(protocol, bounds));
      if (violation !== undefined) break;
    }
    results.push({ name: mutant.name, violation });
  }
  return results;
}
