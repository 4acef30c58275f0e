import type { RunReport } from '@alice/realops';

/** A failed run as the message of an assertion: the outcome, every SLO that did not pass and every row that failed, with the place and the way to run it again. */
export function explain(report: RunReport): string {
  const slos = report.slos
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ title, target, value, unit, samples, verdict, note }) => `  SLO ${title}: ${target}, got ${value === null ? 'nothing' : `${value.toFixed(1)} ${unit}`} (n = ${samples}): ${verdict}${note === null ? '' : `; ${note}`}`);
  const rows = report.scenarios
    .flatMap(({ failures }) => failures)
    .map(({ scenario, row, step, error, source, command }) => `  ${scenario} row ${row}, step ${step} (${source.file}:${source.line}): ${error.message}\n    again: ${command}`);
  const checks = report.preflight.filter(({ outcome }) => outcome !== 'passed').map(({ step, error }) => `  preflight ${step}: ${error?.message ?? 'did not hold'}`);
  return [`${report.suite} is ${report.outcome}: ${report.reason}`, ...checks, ...slos, ...rows].join('\n');
}

/** Throws with {@link explain} unless the run is healthy. */
export function assertHealthy(report: RunReport): void {
  if (report.outcome !== 'healthy' && report.outcome !== 'remedied') throw new Error(explain(report));
}
