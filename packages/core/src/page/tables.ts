import type { RunReport, ScenarioReport } from '../events/report.js';
import { formatValue } from '../metrics/format.js';
import type { StepOutcome } from '../model/words.js';
import { unitOf } from '../wording/units.js';
import { durationWords, plural } from '../wording/words.js';
import { html, join, NOTHING, type Content, type Markup } from './markup.js';
import { badge, STEP_STATES } from './marks.js';

const OUTCOME_WORDS: { readonly [O in StepOutcome]: string } = { passed: 'passed', failed: 'FAILED', error: 'error', skipped: 'skipped', cancelled: 'cancelled' };

/** A table that scrolls inside its card when the page is narrow. `right` names the columns of numbers. */
export function plainTable(name: string, head: readonly string[], rows: readonly (readonly Content[])[], right: ReadonlySet<number> = new Set()): Markup {
  const cells = (row: readonly Content[]): Markup => join(row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td${right.has(index) ? html` class="num"` : null}>${cell}</td>`)));
  return html`<div class="card scroll" tabindex="0" role="group" aria-label="${name}"><table><thead><tr>${join(head.map((each, index) => html`<th scope="col"${right.has(index) ? html` class="num"` : null}>${each}</th>`))}</tr></thead><tbody>${join(rows.map((row) => html`<tr>${cells(row)}</tr>`))}</tbody></table></div>`;
}

/** All scenarios with the outcomes of their rows, and why rows were skipped where that is not said above all of them. */
export function scenarioTable({ scenarios, outcome: ended }: RunReport): Markup {
  if (scenarios.length === 0) return html`<p class="empty">This suite has no scenarios.</p>`;
  const rows = scenarios.map((scenario): readonly Content[] => {
    const { id, title, tags, source, outcome, rows: counts, duration_ms, started_ms } = scenario;
    const place = source.file === '' ? NOTHING : html` <code class="quiet">${source.file}:${source.line}</code>`;
    return [
      html`<bdi>${id}</bdi>${title === id ? null : html`<span class="under"><bdi>${title}</bdi></span>`}`,
      badge(STEP_STATES[outcome], counts.total === 0 ? 'no rows' : OUTCOME_WORDS[outcome]),
      counts.total, counts.passed, counts.failed, counts.error, counts.skipped + counts.cancelled, counts.flaky,
      started_ms === null ? '—' : durationWords(duration_ms),
      html`${tags.join(', ')}${place}${ended === 'could-not-run' ? null : reasons(scenario)}`,
    ];
  });
  return plainTable('scenarios', ['Scenario', 'Outcome', 'Rows', 'Passed', 'Failed', 'Error', 'Not run', 'Flaky', 'Took', 'Tags and place'], rows, new Set([2, 3, 4, 5, 6, 7, 8]));
}

function reasons({ skipped }: ScenarioReport): Markup {
  return join(skipped.slice(0, 3).map(({ reason, rows }) => html`<span class="under">${plural(rows, 'row')} skipped: ${reason}</span>`));
}

/** The statistics of every metric, over all scenarios and for each. */
export function metricTable({ metrics }: RunReport): Markup {
  if (metrics.length === 0) return html`<p class="empty">Nothing was measured.</p>`;
  // A metric of one scenario would say everything twice.
  const shown = metrics.filter((each) => each.scenario === null || metrics.filter(({ metric }) => metric === each.metric).length > 2);
  const only = (metric: string): string => metrics.find((each) => each.metric === metric && each.scenario !== null)?.scenario ?? 'all';
  const head = ['Metric', 'Scenario', 'n', 'Mean or share', 'Least', 'P50', 'P95', 'Most', 'Sum', 'Last', 'Left out'];
  const rows = shown.map((each) => {
    const unit = unitOf(each.unit);
    const value = (number: number | null): string => (number === null ? '' : formatValue(number, unit));
    const alone = each.scenario === null && !shown.some(({ metric, scenario }) => metric === each.metric && scenario !== null);
    const missing = [...(each.missing > 0 ? [`${each.missing} without a value`] : []), ...(each.invalid > 0 ? [`${each.invalid} invalid`] : [])].join(', ');
    return [each.metric, each.scenario ?? (alone ? only(each.metric) : 'all scenarios'), String(each.samples), value(each.mean), value(each.min), value(each.p50), value(each.p95), value(each.max), value(each.sum), value(each.last), missing];
  });
  // Columns that no metric of this run fills would only be in the way.
  const columns = head.flatMap((_, column) => (column < 3 || rows.some((row) => row[column] !== '') ? [column] : []));
  const right = new Set(columns.flatMap((column, at) => (column >= 2 && column <= 9 ? [at] : [])));
  return plainTable('measurements', columns.map((column) => head[column] ?? ''), rows.map((row) => columns.map((column) => row[column] ?? '')), right);
}

/** The checks before the run. */
export function preflightTable({ preflight }: RunReport): Markup {
  const rows = preflight.map(({ step, outcome, duration_ms, error }): readonly Content[] => [html`<bdi>${step}</bdi>`, badge(STEP_STATES[outcome], OUTCOME_WORDS[outcome]), formatValue(duration_ms, 'ms'), error === null ? '' : html`${error.message} <code class="quiet">${error.code}</code>${error.hint === null ? null : html`<span class="under">${error.hint}</span>`}`]);
  return plainTable('preflight', ['Check', 'Outcome', 'Took', 'Why'], rows, new Set([2]));
}

/** What a person should know that moved no verdict. */
export function warningTable({ warnings }: RunReport): Markup {
  return plainTable('warnings', ['About', 'Code', 'What'], warnings.slice(0, 200).map(({ about, code, message }) => [html`${about}`, html`<code>${code}</code>`, message]));
}

const PHASES = ['preflight', 'execute', 'analyse', 'remedy', 'report'];

/** The phases with their times; those that were not reached say so. */
export function phaseTable({ phases, outcome, reason, torn }: RunReport): Markup {
  const missing = torn || outcome === 'could-not-run' || outcome === 'cancelled' ? PHASES.filter((phase) => phase !== 'remedy' && !phases.some((each) => each.phase === phase)) : [];
  const rows = [...phases.map(({ phase, started_ms, duration_ms }): readonly Content[] => [phase, durationWords(started_ms), durationWords(duration_ms)]), ...missing.map((phase): readonly Content[] => [phase, 'not reached', torn ? 'the log breaks off' : reason])];
  return plainTable('phases', ['Phase', 'Began after', 'Took'], rows);
}
