import type { JudgedSlo, Verdict } from '../model/slo.js';
import { EXIT_CODES, type Outcome } from '../model/words.js';
import type { PhaseStart, RunEnd, RunEvent, RunStart } from './event.js';
import { createMetricFold } from './fold-metrics.js';
import { createRemedyFold } from './fold-remedies.js';
import { createScenarioFold } from './fold-scenarios.js';
import type { PreflightReport, RunReport } from './report.js';
import { roundToThousandths } from '../text/index.js';

/** Turns events into the report, one by one. */
export interface Fold {
  on(event: RunEvent): void;
  /** The report of everything so far; before `run_end` it says `torn`. */
  report(): RunReport;
}

/**
 * A fold without events. Pure and total: the same events give the same report, any order and any prefix of a log give one without throwing, and
 * events it does not know are counted and otherwise left alone. The engine and `replay` use this one fold, so their reports agree.
 */
export function createFold(): Fold {
  const scenarios = createScenarioFold();
  const metrics = createMetricFold();
  const remedies = createRemedyFold();
  const slos = new Map<string, JudgedSlo>();
  const preflight = new Map<string, PreflightReport>();
  const phases: PhaseStart[] = [];
  const manual: RunReport['manual_actions'][number][] = [];
  const warnings: RunReport['warnings'][number][] = [];
  let start: RunStart | undefined;
  let end: RunEnd | undefined;
  let first: RunEvent | undefined;
  let last: RunEvent | undefined;
  let events = 0;
  return {
    on(event) {
      events += 1;
      first ??= event;
      last = event;
      scenarios.on(event);
      remedies.on(event);
      switch (event.event) {
        case 'run_start':
          start ??= event;
          scenarios.start(event);
          break;
        case 'phase_start':
          phases.push(event);
          break;
        case 'step_end':
          if (event.phase === 'preflight' && !event.retried) preflight.set(event.step, { step: event.step, outcome: event.outcome, duration_ms: event.duration_ms, error: event.error });
          break;
        case 'measured':
          metrics.on(event);
          break;
        case 'rerun_start':
          metrics.repeat(event.scenarios);
          break;
        case 'remediation_validated':
          metrics.settle(event.result === 'pass');
          break;
        case 'slo_judged':
          slos.set(event.slo.id, event.slo);
          break;
        case 'manual_required':
          manual.push({ what: event.what, command: event.command });
          break;
        case 'warning':
          warnings.push({ about: event.about, code: event.code, message: event.message });
          break;
        case 'run_end':
          end = event;
          break;
        default:
          break;
      }
    },
    report() {
      const duration = end?.duration_ms ?? last?.at_ms ?? 0;
      const outcome: Outcome = end?.outcome ?? 'cancelled';
      const unreached = outcome === 'could-not-run' ? 'skipped' : 'cancelled';
      const reason = end?.reason ?? TORN;
      return {
        version: 1,
        run_id: start?.run_id ?? first?.run_id ?? '',
        suite: start?.suite ?? '',
        environment: start?.environment ?? 'sandbox',
        engine: start?.engine ?? '',
        suite_argument: start?.suite_argument ?? '',
        state_argument: start?.state_argument ?? null,
        started: start?.timestamp ?? first?.timestamp ?? NEVER,
        ended: end?.timestamp ?? last?.timestamp ?? NEVER,
        duration_ms: duration,
        seed: start?.seed ?? 0,
        concurrency: start?.concurrency ?? 1,
        outcome,
        exit_code: end?.exit_code ?? EXIT_CODES[outcome],
        reason,
        preflight: [...preflight.values()],
        slos: [...slos.values()],
        counts: countVerdicts(slos.values()),
        scenarios: scenarios.reports(unreached, `not run: ${reason}`),
        metrics: metrics.reports(),
        diagnoses: remedies.diagnoses(),
        remediations: remedies.remediations(),
        held: remedies.held(),
        alerts: remedies.alerts(),
        incidents: remedies.incidents(),
        diagnostics: remedies.diagnostics(),
        manual_actions: [...manual],
        warnings: [...warnings],
        phases: phases.map((phase, index) => ({ phase: phase.phase, started_ms: phase.at_ms, duration_ms: span(phase.at_ms, phases[index + 1]?.at_ms ?? end?.at_ms ?? last?.at_ms ?? phase.at_ms) })),
        events,
        torn: end === undefined,
      };
    },
  };
}

const TORN = 'the log ends before the run does: it was killed, or is still running';
/** Stands for a time that an empty log does not have. */
const NEVER = '1970-01-01T00:00:00.000Z';

function countVerdicts(slos: Iterable<JudgedSlo>): RunReport['counts'] {
  const counts: { [V in Verdict]: number } = { pass: 0, fail: 0, inconclusive: 0, 'no-data': 0, error: 0 };
  for (const { verdict } of slos) counts[verdict] += 1;
  return counts;
}

function span(from: number, to: number): number {
  return Math.max(0, roundToThousandths(to - from));
}
