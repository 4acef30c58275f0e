/** What an alert asks to be run as soon as this run is over. */
export interface FollowUp {
  /** `retest`: only look again; `remediate`: look again, and let remedies act as far as they may. */
  readonly kind: 'retest' | 'remediate';
  /** The scenarios that failed; empty for all, when no scenario is to blame. */
  readonly scenarios: readonly string[];
  /** The alerts that ask for it. */
  readonly alerts: readonly string[];
}
