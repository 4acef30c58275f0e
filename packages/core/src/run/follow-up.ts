/** What an alert asks to be run as soon as this run is over. */
export interface FollowUp {
  /** `retest`: only look again; `remediate`: look again, and let remedies act as far as they may. */
  readonly kind: 'retest' | 'remediate';
  /** The scenarios that failed; empty for all, when no scenario is to blame. */
  readonly scenarios: readonly string[];
  /** The alerts that ask for it. */
  readonly alerts: readonly string[];
}

/** What is run next, of everything that was asked: looking for a remedy includes looking again, and every scenario that someone asks for. */
export function takeFollowUp(asked: readonly FollowUp[]): FollowUp | undefined {
  if (asked.length === 0) return undefined;
  const all = asked.some(({ scenarios }) => scenarios.length === 0);
  return {
    kind: asked.some(({ kind }) => kind === 'remediate') ? 'remediate' : 'retest',
    scenarios: all ? [] : [...new Set(asked.flatMap(({ scenarios }) => scenarios))],
    alerts: [...new Set(asked.flatMap(({ alerts }) => alerts))],
  };
}
