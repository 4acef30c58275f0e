import type { Verdict } from '../model/slo.js';
import type { Json, JsonObject } from '../text/index.js';
import type { EventBase } from './event.js';

/** A change to the system under test, as events and reports hold it. */
export interface RemedyChange {
  /** Its number in the ledger. */
  readonly id: string;
  readonly loop: number;
  /** What it should heal: the id of a diagnosis. */
  readonly issue: string;
  readonly cause: string;
  readonly remedy: string;
  readonly title: string;
  /** The action, e.g. `knob.change`. */
  readonly action: string;
  readonly param: string;
  readonly unit: string | null;
  readonly before: Json;
  readonly after: Json;
  /** How a person would undo it, in one line. */
  readonly rollback: string;
  readonly slos: readonly string[];
  readonly scenarios: readonly string[];
}

/** An SLO before a change and in the repetition after it. */
export interface SloShift {
  readonly slo: string;
  readonly title: string;
  readonly target: string;
  readonly unit: string;
  readonly before: { readonly verdict: Verdict; readonly value: number | null };
  readonly after: { readonly verdict: Verdict; readonly value: number | null };
}

/** The cause of failing SLOs was found, or (`unknown`) was not. */
export interface DiagnosedEvent extends EventBase {
  readonly event: 'diagnosed';
  readonly diagnosis: string;
  readonly cause: string;
  readonly confidence: number;
  readonly slos: readonly string[];
  readonly evidence: JsonObject;
  readonly undecided: readonly { readonly diagnosis: string; readonly reason: string }[];
}

/** A change that would help is not made without a person. */
export interface RemediationProposed extends EventBase {
  readonly event: 'remediation_proposed';
  readonly change: RemedyChange;
  readonly digest: string;
  readonly why: string;
  /** The command that allows it. */
  readonly command: string;
}

/** Why nothing is done about an issue in this loop. */
export interface RemediationHeld extends EventBase {
  readonly event: 'remediation_held';
  readonly issue: string;
  readonly remedy: string | null;
  readonly why: string;
}

/** A change was made and read back. */
export interface RemediationApplied extends EventBase {
  readonly event: 'remediation_applied';
  readonly change: RemedyChange;
  readonly by: string;
}

/** The failed scenarios run again; what follows for them, up to `remediation_validated`, is the repetition. */
export interface RerunStart extends EventBase {
  readonly event: 'rerun_start';
  readonly id: string;
  readonly scenarios: readonly string[];
  readonly rows: number;
}

/** What the repetition said. `worse`: a guard did not hold. */
export interface RemediationValidated extends EventBase {
  readonly event: 'remediation_validated';
  readonly id: string;
  readonly result: 'pass' | 'fail' | 'worse' | 'inconclusive' | 'stopped';
  readonly why: string;
  readonly slos: readonly SloShift[];
  readonly guards: readonly SloShift[];
}

/** A change ended without validation: nothing was changed after all (`aborted`), or someone else had changed the value (`conflict`). */
export interface RemediationEnded extends EventBase {
  readonly event: 'remediation_ended';
  readonly change: RemedyChange;
  readonly state: 'aborted' | 'conflict';
  readonly why: string;
  readonly found: Json;
}

/** The value from before is in force again. */
export interface RemediationRolledBack extends EventBase {
  readonly event: 'remediation_rolled_back';
  readonly change: RemedyChange;
  /** failed, worse, inconclusive, stopped, unfinished (an earlier run ended in the middle), expired or asked. */
  readonly reason: string;
  readonly by: string;
}

/** An alert fires: its condition has held long enough. */
export interface AlertFired extends EventBase {
  readonly event: 'alert_fired';
  readonly alert: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  /** Since when the condition holds. */
  readonly since: string;
  readonly message: string;
  readonly evidence: JsonObject;
}

/** An alert clears: its condition has been gone long enough. */
export interface AlertCleared extends EventBase {
  readonly event: 'alert_cleared';
  readonly alert: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly since: string;
  readonly message: string;
}

/** A file that tells people who were not there what happened was written into the run folder, since they have to look into it. */
export interface IncidentOpened extends EventBase {
  readonly event: 'incident_opened';
  /** Unique in its run: `001-guardian_emergency`. */
  readonly incident: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly reasons: readonly string[];
  /** `incident-ID.md`, relative to the run folder. */
  readonly file: string;
}

/** What is known of the run and the machine was bundled for whoever looks into it. */
export interface DiagnosticsCollected extends EventBase {
  readonly event: 'diagnostics_collected';
  /** The alerts that asked for it. */
  readonly alerts: readonly string[];
  /** `diagnostics-ID.json`, relative to the run folder. */
  readonly file: string;
}

/** What remedies and alerts put on the stream. */
export type RemedyEvent = DiagnosedEvent | RemediationProposed | RemediationHeld | RemediationApplied | RerunStart | RemediationValidated | RemediationEnded | RemediationRolledBack | AlertFired | AlertCleared | IncidentOpened | DiagnosticsCollected;
