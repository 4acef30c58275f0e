import type { RunEvent } from '../events/event.js';
import { formatValue } from '../metrics/format.js';
import { plainJson, plainLine } from '../text/plain.js';
import { alertText, causeText, changeText, remedyText, shiftText, undoWords } from './remedies.js';
import { plural, VERDICT_WORDS } from './words.js';

/** What an event says, in one short line without its place; '' for an event this version does not know. */
export function eventWords(event: RunEvent): string {
  return plainLine(wordsOf(event)).slice(0, 400);
}

function wordsOf(event: RunEvent): string {
  switch (event.event) {
    case 'run_start':
      return `suite ${event.suite}, ${plural(event.scenarios.length, 'scenario')}, ${plural(event.slos.length, 'SLO')}`;
    case 'phase_start':
      return event.phase;
    case 'lock_wait':
      return `waits for ${event.locks.join(', ')}`;
    case 'test_start':
      return `lane ${event.lane}`;
    case 'test_end':
      return `${event.outcome} after ${formatValue(event.duration_ms, 'ms')}${event.attempts > 1 ? `, ${event.attempts} attempts` : ''}${event.reason === null ? '' : `: ${event.reason}`}`;
    case 'step_start':
      return `${event.step} (${event.use})${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`;
    case 'step_end':
      return `${event.step} ${event.outcome} after ${formatValue(event.duration_ms, 'ms')}${event.retried ? ', tried again' : ''}${event.error === null ? '' : `: ${event.error.message}`}`;
    case 'asr_partial':
    case 'asr_final':
      return `“${event.text}”${typeof event['latency_ms'] === 'number' ? ` ${formatValue(event['latency_ms'], 'ms')}` : ''}${event['truncated'] === true ? ', before the speaker had ended' : ''}`;
    case 'note':
      return `${event.name} ${plainJson(event.fields, 200)}`;
    case 'picture':
      return `${event.title === '' ? '' : `${event.title}: `}${event.lanes.map(({ name }) => name).join(', ')} over ${formatValue(event.duration_ms, 'ms')}`;
    case 'artifact_stored':
      return `${event.path} (${event.media_type}, ${event.bytes} bytes)`;
    case 'measured':
      return `${event.metric} ${measuredWords(event)}${event.invalid === null ? '' : `, invalid: ${event.invalid}`}`;
    case 'slo_judged':
      return `${event.slo.title}: ${VERDICT_WORDS[event.slo.verdict]}, ${formatValue(event.slo.value, event.slo.unit)}, target ${event.slo.target}`;
    case 'slo_violation':
      return `${event.slo} ${formatValue(event.value, event.unit)}, limit ${formatValue(event.threshold, event.unit)}${event.proven ? ', proven' : ''}`;
    case 'manual_required':
      return event.what;
    case 'warning':
      return `${event.about}: ${event.message}`;
    case 'run_end':
      return `${event.outcome}: ${event.reason}`;
    case 'diagnosed':
      return `${causeText(event)} for ${event.slos.join(', ')}`;
    case 'remediation_proposed':
      return `${remedyText(event.change)}: ${event.why}`;
    case 'remediation_held':
      return `${event.remedy ?? event.issue}: ${event.why}`;
    case 'remediation_applied':
      return `${remedyText(event.change)}, by ${event.by}`;
    case 'rerun_start':
      return `${event.scenarios.join(', ')}, ${plural(event.rows, 'row')}, after change ${event.id}`;
    case 'remediation_validated':
      return `change ${event.id}: ${[event.result, ...event.slos.map(shiftText), ...event.guards.map(shiftText), event.why].join('; ')}`;
    case 'remediation_ended':
      return `${remedyText(event.change)}: ${event.state}, ${event.why}`;
    case 'remediation_rolled_back':
      return `${changeText({ ...event.change, before: event.change.after, after: event.change.before })}, by ${event.by}: ${undoWords(event.reason)}`;
    case 'alert_fired':
    case 'alert_cleared':
      return alertText(event);
    case 'incident_opened':
      return `${event.title} (${event.severity}): ${event.file}`;
    case 'diagnostics_collected':
      return `${event.file}${event.alerts.length === 0 ? '' : ` for ${event.alerts.join(', ')}`}`;
    default:
      return '';
  }
}

function measuredWords({ kind, unit, value, whole }: Extract<RunEvent, { event: 'measured' }>): string {
  if (value === null) return 'without a value';
  if (kind === 'rate') return value === 1 ? 'yes' : 'no';
  return kind === 'ratio' && whole !== null ? `${value} of ${whole}` : formatValue(value, unit);
}
