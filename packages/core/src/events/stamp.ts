import type { EventBase, RunEvent, RunEventDraft } from './event.js';

/**
 * A draft as an event: the stamps first, then its own fields in their order. The frequent kinds are written out, since an object made in one piece takes
 * half the time and a third of the memory of one that is assigned to; the compiler sees that no field is forgotten.
 */
export function stampEvent(draft: RunEventDraft, { seq, timestamp, at_ms, run_id }: EventBase): RunEvent {
  if (draft.event === 'measured') {
    const { event, scenario, row, trace_id, step, attempt, metric, kind, unit, value, whole, invalid, labels } = draft;
    return { seq, timestamp, at_ms, run_id, event, scenario, row, trace_id, step, attempt, metric, kind, unit, value, whole, invalid, labels };
  }
  if (draft.event === 'step_start') {
    const { event, scenario, row, trace_id, step, use, phase, attempt } = draft;
    return { seq, timestamp, at_ms, run_id, event, scenario, row, trace_id, step, use, phase, attempt };
  }
  if (draft.event === 'step_end') {
    const { event, scenario, row, trace_id, step, use, phase, attempt, retried, outcome, duration_ms, source, error, expectations, sent, received } = draft;
    return { seq, timestamp, at_ms, run_id, event, scenario, row, trace_id, step, use, phase, attempt, retried, outcome, duration_ms, source, error, expectations, sent, received };
  }
  return Object.assign({ seq, timestamp, at_ms, run_id }, draft);
}
