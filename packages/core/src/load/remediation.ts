import type { Shape } from '../expression/index.js';
import type { Metric } from '../metrics/metric.js';
import { remedyShape } from '../model/remedy-scope.js';
import type { SloDefinition } from '../model/slo.js';
import type { Suite } from '../model/suite.js';
import { loadAlerts } from './alerts.js';
import { loadChannels } from './channels.js';
import type { Compiler } from './compile.js';
import { loadDiagnoses } from './diagnoses.js';
import { idsOf, named, type Node } from './draft.js';
import { loadKnobs } from './knobs.js';
import { loadLoop } from './loop.js';
import { loadRemedies } from './remedies.js';
import type { WithContext } from './with.js';

/** What a suite says of diagnoses, knobs, remedies, alerts, messages and the loop. */
export type Remediation = Pick<Suite, 'diagnoses' | 'knobs' | 'remedies' | 'actions' | 'alerts' | 'channels' | 'notifiers' | 'loop'>;

/** What is known of the suite before its remediation is loaded. */
export interface RemediationParts extends WithContext, Compiler {
  readonly roots: readonly Node[];
  readonly slos: readonly SloDefinition[];
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly scenarios: ReadonlySet<string>;
  /** The outputs of the preflight steps. */
  readonly preflight: Shape;
  /** What templates read that depends on nothing in the run: env, vars, targets and secrets. */
  readonly fixed: { readonly [name: string]: Shape };
}

/** The parts, with every name that one section may read of another. */
export interface RemediationLoader extends RemediationParts {
  /** Ids as written, those of broken entries included: what names them is not wrong because of them. */
  readonly sloIds: ReadonlySet<string>;
  readonly diagnosisIds: ReadonlySet<string>;
  readonly channelNames: ReadonlySet<string>;
  /** What diagnoses read. */
  readonly facts: Shape;
  /** What remedies and alerts read: the same, and `diagnosis`. */
  readonly found: Shape;
}

/** Loads those sections of all files. Every problem of every one is reported. */
export async function loadRemediation(parts: RemediationParts): Promise<Remediation> {
  const { roots, draft, metrics, scenarios, preflight, registry } = parts;
  const sloIds = idsOf(roots, 'slos');
  const diagnosisIds = idsOf(roots, 'diagnoses');
  // Where a plugin is missing, so are its metrics.
  const complete = !draft.problems.some(({ code }) => code === 'REALOPS_PLUGIN_INVALID' || code === 'REALOPS_METRIC_INVALID');
  const names = { slos: sloIds, metrics: complete ? metrics : undefined, scenarios, remedies: idsOf(roots, 'remedies'), preflight };
  const knobNames = new Set(named(roots, 'knobs').map(([name]) => name));
  const loader: RemediationLoader = { ...parts, sloIds, diagnosisIds, channelNames: new Set(named(roots, 'notify').map(([name]) => name)), knobs: knobNames, facts: remedyShape(names), found: remedyShape({ ...names, diagnoses: diagnosisIds }) };
  const diagnoses = loadDiagnoses(loader);
  const knobs = loadKnobs(loader);
  const remedies = loadRemedies(knobs, loader);
  const alerts = loadAlerts(loader);
  const channels = loadChannels(loader);
  return { diagnoses, knobs, remedies, actions: registry.actions, alerts, channels, notifiers: registry.notifiers, loop: await loadLoop(loader) };
}
