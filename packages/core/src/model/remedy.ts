import type { SourceRange } from '../errors/index.js';
import type { Expression, Template } from '../expression/types.js';
import type { JsonObject } from '../text/index.js';
import type { Millis } from '../time/index.js';
import type { ActionType, NotifierType } from './action-type.js';
import type { Objective } from './slo.js';

/** A rule that names the cause of failing SLOs. Its expressions read `slos`, `metrics`, `events`, `history` and `preflight`. */
export interface DiagnosisRule {
  readonly id: string;
  readonly when: Expression;
  readonly cause: string;
  /** Shown with their values when the rule fires. */
  readonly evidence: readonly Expression[];
  /** Between 0 and 1: how sure this rule is when it fires; gives the rank. */
  readonly confidence: number | Expression;
  /** The SLOs it explains; undefined: those failing SLOs that `when` names, or all failing ones when it names none. */
  readonly explains: readonly string[] | undefined;
  readonly source: SourceRange;
}

/** A change that may be made when a diagnosis was found. `when` reads what diagnoses read, and the id of the diagnosis as `diagnosis`. */
export interface Remedy {
  readonly id: string;
  readonly title: string;
  readonly when: Expression;
  readonly action: ActionType;
  readonly with: Template;
  /** The folder of the file that holds it; relative paths start there. */
  readonly directory: string;
  /** The least time between two changes by this remedy, over all runs. */
  readonly cooldownMs: Millis;
  /** The most changes by this remedy within 24 hours, over all runs. */
  readonly dailyLimit: number;
  /** Must hold in the repeated scenarios after the change, or it is undone at once. */
  readonly guards: readonly Objective[];
  /** Every change waits for an approval, also when the action is not structural. */
  readonly approval: boolean;
  /** How long to wait after the change before it is validated. */
  readonly settleMs: Millis;
  readonly source: SourceRange;
}

/** What an alert does when it fires. */
export type AlertAction = { readonly kind: 'collect-diagnostics' | 'create-incident' | 'retest' | 'remediate' } | { readonly kind: 'notify'; readonly channel: string };

/** A condition that people want to know of. Its expression reads what diagnoses read, and `diagnosis`. */
export interface AlertRule {
  readonly id: string;
  readonly title: string;
  readonly when: Expression;
  /** The condition must have held this long before it fires. */
  readonly forMs: Millis;
  /** The condition must have been gone this long before it clears. */
  readonly clearMs: Millis;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly actions: readonly AlertAction[];
  /** Alerts of one group that fire together are told in one message. */
  readonly group: string | undefined;
  /** A firing alert is told again after this time; undefined: once. */
  readonly repeatMs: Millis | undefined;
  /** No messages between these minutes of the day (UTC); they are sent when the time is over. Critical alerts are sent at once. */
  readonly quiet: { readonly fromMinute: number; readonly toMinute: number } | undefined;
  readonly source: SourceRange;
}

/** A way to reach people. */
export interface NotifyChannel {
  readonly name: string;
  readonly type: NotifierType;
  readonly options: Template;
  readonly directory: string;
}

/** How `realops loop` repeats. */
export interface LoopSettings {
  /** A fixed interval between starts, or a cron expression (UTC). */
  readonly schedule: { readonly everyMs: Millis } | { readonly cron: string };
  /** Between starts while something is failing; undefined: as always. */
  readonly failingEveryMs: Millis | undefined;
  /** The longest that each phase may take; a phase left out has no limit of its own. */
  readonly budget: { readonly preflight?: Millis; readonly execute?: Millis; readonly analyse?: Millis; readonly remedy?: Millis; readonly report?: Millis };
  /** The port of `/healthz` on 127.0.0.1; undefined: none; 0: any. */
  readonly healthPort: number | undefined;
}

/** A cause that was found in a run. */
export interface Diagnosed {
  /** The rule; `unknown` when SLOs fail that no rule explains. */
  readonly diagnosis: string;
  readonly cause: string;
  readonly confidence: number;
  /** Failing SLOs that it explains. */
  readonly slos: readonly string[];
  /** The expressions shown as evidence, with their values. */
  readonly evidence: JsonObject;
  /** Rules that could not be decided, with the reason; only on `unknown`. */
  readonly undecided: readonly { readonly diagnosis: string; readonly reason: string }[];
}
