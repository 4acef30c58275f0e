import type { StepHost } from './host.js';
import { eventSource, obstacleOf, traceId, type RowRunner } from './row.js';
import type { RowScope } from './scope.js';
import { runSteps } from './step.js';

/** Runs the preflight checks in order; gives the id of the first that did not hold, or undefined when all did. A check that is skipped for want of a consent or secret does not hold. */
export async function runPreflight(runner: RowRunner, scope: RowScope): Promise<string | undefined> {
  const { suite, signal, runId } = runner;
  // What preflight sees decides whether to run; it is no sample of the run.
  const host: StepHost = { ...runner.host, record: () => undefined, recordFailedAttempt: () => undefined, publish: (draft) => (draft.event === 'measured' ? undefined : runner.host.publish(draft)) };
  const place = { scenario: 'preflight', row: 1, trace_id: traceId(runId, 'preflight', 1) };
  for (const step of suite.preflight) {
    const { outcome, reason } = await runSteps([step], {
      host, place, phase: 'preflight', scope, signal, rowDirectory: undefined, userMetrics: [],
      obstacle: (call) => obstacleOf(suite, call), sourceOf: (each) => eventSource(suite, each.source),
    });
    if (outcome !== 'passed' && !(outcome === 'skipped' && reason === undefined)) return step.id;
  }
  return undefined;
}
