import { examine, leadingDiagnosis, rank } from '../diagnose/diagnose.js';
import type { RemedyHistory } from '../diagnose/history.js';
import { makeRemedyScope, namesRead, type RemedyScope } from '../diagnose/scope.js';
import type { RunEvent } from '../events/event.js';
import type { MetricStore } from '../metrics/store.js';
import type { Diagnosed } from '../model/remedy.js';
import type { JudgedSlo } from '../model/slo.js';
import type { Suite } from '../model/suite.js';
import type { JsonObject } from '../text/index.js';

/** What rules are evaluated over. */
export interface InsightParts {
  readonly suite: Suite;
  readonly slos: readonly JudgedSlo[];
  readonly store: Pick<MetricStore, 'select'>;
  readonly events: readonly RunEvent[];
  readonly history: RemedyHistory;
  readonly preflight: JsonObject;
}

/** What the rules of a suite make of a run. */
export interface Insight {
  readonly scope: RemedyScope;
  /** The causes of failing SLOs, most likely first. */
  readonly diagnosed: readonly Diagnosed[];
  /** What `diagnosis` is for alerts; null when there is none. */
  readonly leading: string | null;
}

/** Evaluates the diagnoses of a suite over a run as it stands. Never rejects. */
export async function insightOf({ suite, slos, store, events, history, preflight }: InsightParts): Promise<Insight> {
  const scope = makeRemedyScope({ reads: namesRead(suite), slos: suite.slos, judged: slos, metrics: suite.metrics, store, events, history, remedies: suite.remedies.map(({ id }) => id), preflight });
  const examined = await examine(suite.diagnoses, scope);
  const diagnosed = rank(examined, scope);
  return { scope, diagnosed, leading: leadingDiagnosis(diagnosed, examined) };
}

/** The samples of a run with those of repeated scenarios in the place of their first pass. */
export function withRepetition(first: Pick<MetricStore, 'select'>, again: Pick<MetricStore, 'select'>, scenarios: readonly string[]): Pick<MetricStore, 'select'> {
  const repeated = new Set(scenarios);
  return { select: (metric, where, tagsOf) => [...first.select(metric, where, tagsOf).filter(({ labels }) => !repeated.has(String(labels['scenario'] ?? ''))), ...again.select(metric, where, tagsOf)] };
}
