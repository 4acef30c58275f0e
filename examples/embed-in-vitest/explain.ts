import type { JudgedSlo, RunReport } from '@alice/realops';

/** A failed run as the message of an assertion: the outcome, every SLO that did not pass and every row that failed, with the place and the way to run it again. */
export function explain(report: RunReport): string {
  const slos = report.slos
    .filter(({ verdict }) => verdict !== 'pass')
    .map((slo) => `  SLO ${slo.title}: ${slo.target}, got ${show(slo)} (n = ${slo.samples}): ${slo.verdict}${slo.note === null ? '' : `; ${slo.note}`}`);
  const rows = report.scenarios
    .flatMap(({ failures }) => failures)
    .map(({ scenario, row, step, error, source, command }) => `  ${scenario} row ${row}, step ${step} (${source.file}:${source.line}): ${error.message}\n    again: ${command}`);
  const checks = report.preflight.filter(({ outcome }) => outcome !== 'passed').map(({ step, error }) => `  preflight ${step}: ${error?.message ?? 'did not hold'}`);
  return [`${report.suite} is ${report.outcome}: ${report.reason}`, ...checks, ...slos, ...rows].join('\n');
}

function show({ value, unit }: JudgedSlo): string {
  if (value === null) return 'nothing';
  return unit === 'ratio' ? `${(value * 100).toFixed(1)} %` : `${value.toFixed(1)} ${unit}`;
}

/** Throws with {@link explain} unless the run is healthy. */
export function assertHealthy(report: RunReport): void {
  if (report.outcome !== 'healthy' && report.outcome !== 'remedied') throw new Error(explain(report));
}
