import type { Verdict } from '../model/slo.js';
import type { LedgerState } from './state.js';

/** What earlier loops left behind, as rules read it. */
export interface LedgerHistory {
  readonly loops: number;
  readonly slos: { readonly [slo: string]: { readonly verdicts: readonly Verdict[]; readonly failing: number } };
  readonly remedies: { readonly [remedy: string]: { readonly tries24h: number; readonly minutesSince: number | null; readonly outcome: string | null } };
}

const DAY_MS = 24 * 60 * 60_000;

/** The history that rules read, from the ledger. */
export function historyOf(state: LedgerState, nowMs: number): LedgerHistory {
  const now = Math.max(nowMs, state.time);
  const slos = new Set(state.past.flatMap(({ verdicts }) => Object.keys(verdicts)));
  const remedies = new Set(state.changes.map(({ remedy }) => remedy));
  return {
    loops: state.past.length,
    slos: Object.fromEntries([...slos].map((slo) => {
      const verdicts = state.past.flatMap((loop) => asVerdicts(loop.verdicts[slo]));
      const passed = verdicts.findIndex((verdict) => verdict !== 'fail');
      return [slo, { verdicts, failing: passed < 0 ? verdicts.length : passed }];
    })),
    remedies: Object.fromEntries([...remedies].map((remedy) => {
      const own = state.changes.filter((change) => change.remedy === remedy && change.status !== 'aborted');
      const last = own.at(-1);
      return [remedy, { tries24h: own.filter(({ intendedAt }) => now - intendedAt < DAY_MS).length, minutesSince: last === undefined ? null : Math.floor((now - last.intendedAt) / 60_000), outcome: last?.status ?? null }];
    })),
  };
}

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'inconclusive', 'no-data', 'error'];

function asVerdicts(verdict: string | undefined): readonly Verdict[] {
  return VERDICTS.filter((each) => each === verdict);
}
