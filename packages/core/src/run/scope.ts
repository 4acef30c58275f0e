import type { Scope } from '../expression/types.js';
import type { Row, Suite } from '../model/suite.js';
import { isJsonObject, type Json } from '../text/index.js';

/** The values that expressions of one row read; grows as steps end. */
export interface RowScope {
  /** The roots with what is known now. */
  roots(extra?: { readonly [name: string]: Json }): Scope;
  /** The roots with the output of a step laid over them. */
  over(output: Json | undefined, extra?: { readonly [name: string]: Json }): Scope;
  finish(step: string, output: Json | undefined): void;
  save(name: string, value: Json): void;
  /** A copy that starts from what is known now. */
  fork(row: Row): RowScope;
}

/** What a run tells expressions about itself. */
export interface RunFacts {
  readonly id: string;
  readonly seed: number;
  readonly started: string;
}

/** The values before the first step. */
export function createRowScope(suite: Suite, run: RunFacts, row: Row, before?: { readonly steps: { readonly [id: string]: Json }; readonly saved: { readonly [name: string]: Json } }): RowScope {
  const steps: { [id: string]: Json } = { ...before?.steps };
  const saved: { [name: string]: Json } = { ...before?.saved };
  const base = { env: suite.env, vars: suite.vars, targets: suite.targets, secrets: Object.fromEntries(suite.secrets), run: { ...run }, row: row.values, steps, saved };
  return {
    roots: (extra) => (extra === undefined ? base : Object.assign({}, base, extra)),
    over: (output, extra) => Object.assign({}, base, extra, isJsonObject(output) ? output : undefined),
    finish: (step, output) => {
      if (output !== undefined) steps[step] = output;
    },
    save: (name, value) => {
      saved[name] = value;
    },
    fork: (other) => createRowScope(suite, run, other, { steps, saved }),
  };
}
