import type { RunEvent, RunStart, StepEnd } from '../events/event.js';
import type { RemedyEvent } from '../events/remedy-event.js';
import { formatValue } from '../metrics/format.js';
import type { Unit } from '../metrics/metric.js';
import { defineReporter } from '../plugin.js';
import type { Reporter, ReporterIo } from '../plugin.js';
import { endLines, quietLines } from './console-end.js';
import { createLiveRegion, type LiveRegion } from './console-live.js';
import { remedyLines } from './console-remedies.js';
import { createProgress, type Progress, type ScenarioProgress } from './console-progress.js';
import { createStyle, SIGNS, styleOutcome, type Style } from './console-style.js';
import { wrapWords } from './console-table.js';
import { plainLine } from '../text/plain.js';
import { displayWidth, padEnd, truncate } from '../text/width.js';
import type { Units } from '../wording/units.js';
import { durationWords, plural } from '../wording/words.js';

/**
 * The run in a terminal: progress drawn live, then the record; plain lines with the time since the start when the output is no terminal.
 * With the option `quiet: true` it prints the SLO table alone (the outcome when there is no table).
 */
export const consoleReporter = defineReporter({
  name: 'console',
  description: 'progress while the run goes on, failures, the SLO table and where the reports lie, on the terminal',
  with: { type: 'object', properties: { quiet: { type: 'boolean', description: 'The SLO table alone' } } },
  create: createConsole,
});

/** A failing row is told at once, but no more than so many of a scenario; the end tells all causes. */
const MOST_TOLD = 3;
/** Columns of a line where there is no terminal: logs of CI systems are wide. */
const WIDTH = 120;
const SPINNER = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
/** Running and waiting scenarios that are drawn at once. */
const MOST_DRAWN = 12;

function createConsole(): Reporter {
  const progress = createProgress();
  const told = new Map<string, number>();
  const checks: StepEnd[] = [];
  let io: ReporterIo | undefined;
  let style = createStyle(false);
  let region: LiveRegion | undefined;
  let phase = '';
  let now = 0;
  let quiet = false;
  const metricUnits = new Map<string, Unit>();
  const sloUnits = new Map<string, Unit>();
  const units: Units = { metric: (name) => metricUnits.get(name), slo: (id) => sloUnits.get(id) };

  const print = (lines: readonly string[], at: number): void => {
    if (io === undefined || lines.length === 0) return;
    if (region !== undefined) return region.print(lines);
    io.output.write(lines.map((line) => (line === '' ? '\n' : `${clockOf(at)}  ${line}\n`)).join(''));
  };
  const printRemedy = (event: RemedyEvent, indent: string): void => print(remedyLines(event, units, region === undefined ? WIDTH : (io?.output.columns ?? WIDTH), style).map((line) => `${indent}${line}`), now);
  const on = (event: RunEvent): void => {
    if (io === undefined || quiet) return;
    now = event.at_ms;
    const completed = progress.on(event);
    const indent = region === undefined ? '' : '  ';
    switch (event.event) {
      case 'run_start':
        for (const { name, unit } of event.metrics) metricUnits.set(name, unit);
        return print(headLines(event, io.directory, region !== undefined), now);
      case 'phase_start':
        if (phase === 'preflight' && checks.length > 0) print(checkLines(checks, io.output.columns, style, indent), now);
        phase = event.phase;
        return;
      case 'step_end':
        if (event.phase === 'preflight') {
          if (!event.retried) checks.push(event);
        } else if (!event.retried && (event.outcome === 'failed' || event.outcome === 'error')) {
          const count = (told.get(event.scenario) ?? 0) + 1;
          told.set(event.scenario, count);
          if (count <= MOST_TOLD) print([`${indent}${style.bad('✗')} ${plainLine(event.scenario)} row ${event.row} ${plainLine(event.step)}: ${truncate(plainLine(event.error?.message ?? event.outcome), Math.max(40, io.output.columns))}`], now);
          if (count === MOST_TOLD + 1) print([`${indent}${style.dim(`  further failures of ${plainLine(event.scenario)} are told at the end`)}`], now);
        }
        return;
      case 'lock_wait':
        if (region === undefined) print([`· ${plainLine(event.scenario)} waits for lock ${event.locks.map(plainLine).join(', ')}`], now);
        return;
      case 'slo_judged':
        sloUnits.set(event.slo.id, event.slo.unit);
        return;
      case 'rerun_start':
        for (const id of event.scenarios) told.delete(id);
        return printRemedy(event, indent);
      case 'diagnosed':
      case 'remediation_proposed':
      case 'remediation_held':
      case 'remediation_applied':
      case 'remediation_validated':
      case 'remediation_ended':
      case 'remediation_rolled_back':
      case 'alert_fired':
      case 'alert_cleared':
      case 'incident_opened':
      case 'diagnostics_collected':
        return printRemedy(event, indent);
      case 'warning':
        return print(wrapWords(`! ${plainLine(event.about)}: ${plainLine(event.message)}`, 200).map((line) => `${indent}${style.unsure(line)}`), now);
      case 'run_end':
        if (phase === 'preflight' && checks.length > 0) print(checkLines(checks, io.output.columns, style, indent), now);
        region?.close();
        return;
      default:
        if (completed !== undefined) print([`${indent}${scenarioLine(completed, progress, style)}`], now);
    }
  };
  return {
    name: 'console',
    start(given) {
      io = given;
      style = createStyle(given.output.color);
      quiet = given.options['quiet'] === true;
      if (given.output.interactive && !quiet) region = createLiveRegion(given.output, (frame, columns) => drawRunning(progress, frame, columns, style));
    },
    on,
    finish(report) {
      region?.close();
      if (io === undefined) return;
      const columns = io.output.interactive ? io.output.columns : WIDTH;
      const lines = quiet ? quietLines(report, columns, style) : endLines(report, io.directory, columns, style);
      io.output.write(`${lines.join('\n')}\n`);
    },
  };
}

/** Time since the start of the run, `mm:ss`. */
function clockOf(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
}

function headLines(start: RunStart, directory: string | null, blank: boolean): readonly string[] {
  const parts = [
    `realops ${plainLine(start.engine)}`, `suite ${plainLine(start.suite)}`, start.environment, `${plural(start.scenarios.length, 'scenario')}, ${plural(start.slos.length, 'SLO')}`,
    ...(directory === null ? [] : [directory.split(/[\\/]/).slice(-2).join('/')]),
  ];
  return [parts.join(' · '), ...(blank ? [''] : [])];
}

function checkLines(checks: readonly StepEnd[], columns: number, style: Style, indent: string): readonly string[] {
  const texts = checks.map(({ step, outcome, duration_ms, error }) => `${styleOutcome(style, outcome, SIGNS[outcome])} ${plainLine(step)} ${outcome === 'passed' ? formatValue(duration_ms, 'ms') : `${outcome}: ${plainLine(error?.message ?? '')}`}`);
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    // Signs of colour count as width here, which only makes a line end early.
    if (last !== undefined && displayWidth(`${last}   ${text}`) + 12 <= columns) lines[lines.length - 1] = `${last}   ${text}`;
    else lines.push(text);
  }
  return [...lines.map((line, index) => `${indent}${index === 0 ? 'preflight ' : '          '}  ${line}`), ...(indent === '' ? [] : [''])];
}

function scenarioLine(scenario: ScenarioProgress, { scenarios }: Progress, style: Style): string {
  const { id, done, total, bad, skipped, flaky, startedMs, endedMs, again } = scenario;
  const outcome = scenario.outcome ?? 'skipped';
  const others = [...(again ? ['again'] : []), ...(bad > 0 ? [`${bad} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : []), ...(flaky > 0 ? [`${flaky} passed only after a retry`] : [])];
  const took = durationWords(endedMs - (startedMs ?? endedMs));
  const good = done - bad - skipped;
  return `${styleOutcome(style, outcome, SIGNS[outcome])} ${padEnd(id, idWidth(scenarios))}  ${`${good}/${total}`.padStart(7)} passed  ${took.padStart(8)}${others.length === 0 ? '' : `   ${styleOutcome(style, outcome, others.join(', '))}`}`;
}

function idWidth(scenarios: readonly ScenarioProgress[]): number {
  return Math.min(32, Math.max(...scenarios.map(({ id }) => displayWidth(id))));
}

function drawRunning({ scenarios }: Progress, frame: number, columns: number, style: Style): readonly string[] {
  const open = scenarios.filter(({ startedMs, done, total, waitsFor }) => (startedMs !== null && done < total) || waitsFor.length > 0);
  const width = idWidth(scenarios.length === 0 ? [] : scenarios);
  const spinner = SPINNER[frame % SPINNER.length] ?? '·';
  const lines = open.slice(0, MOST_DRAWN).map(({ id, done, total, waitsFor, partial, bad }) => {
    if (waitsFor.length > 0) return truncate(`  · ${padEnd(truncate(id, width), width)}  waits for lock ${waitsFor.join(', ')}`, columns);
    const count = `${done}/${total}`.padStart(7);
    const line = `${padEnd(truncate(id, width), width)}  ${count}${bad > 0 ? `  ${bad} failed` : ''}${partial === '' ? '' : `   “${partial}”`}`;
    return `  ${style.dim(spinner)} ${truncate(line, columns - 4)}`;
  });
  return open.length > MOST_DRAWN ? [...lines, `  … and ${open.length - MOST_DRAWN} more`] : lines;
}
