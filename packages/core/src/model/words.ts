/** Where a suite runs. Steps with side effects refuse `production`. */
export type Environment = 'sandbox' | 'staging' | 'production';

/** What the people behind the data agreed to. */
export type ConsentScope = (typeof CONSENT_SCOPES)[number];

/** All consent scopes. */
export const CONSENT_SCOPES = ['audio:store', 'memory:write', 'email:metadata', 'email:full', 'calendar:read', 'calendar:write', 'analytics:training'] as const;

/** How a run ended, best first. */
export type Outcome = 'healthy' | 'remedied' | 'failed' | 'needs-human' | 'could-not-run' | 'inconclusive' | 'cancelled';

/** How a step, row or scenario ended. `failed`: an expectation did not hold; `error`: it could not be carried out. */
export type StepOutcome = 'passed' | 'failed' | 'error' | 'skipped' | 'cancelled';

/** The exit code of each outcome. Invalid input is 3 and a fault of our own 70; neither is the outcome of a run. */
export const EXIT_CODES = {
  healthy: 0,
  remedied: 0,
  failed: 1,
  'needs-human': 2,
  'could-not-run': 4,
  inconclusive: 5,
  cancelled: 130,
} as const satisfies Record<Outcome, number>;
