import type { AlertReport, RemediationReport, RunReport } from '../events/report.js';
import { shellQuote } from '../events/shell.js';
import type { RemedyChange, SloShift } from '../events/remedy-event.js';
import { formatValue } from '../metrics/format.js';
import type { Diagnosed } from '../model/remedy.js';
import type { Json } from '../text/index.js';
import { plainJson, plainLine } from '../text/plain.js';
import { unitOf, type Units } from './units.js';
import { VERDICT_WORDS } from './words.js';

/** The states of a change in words, as the first thing to read of it. */
export const REMEDY_WORDS: { readonly [S in RemediationReport['state']]: string } = {
  proposed: 'proposed', applied: 'not validated', kept: 'kept', failed: 'did not help', 'rolled-back': 'rolled back', aborted: 'not made', conflict: 'conflict',
};

/** The reasons of an undo, as a sentence goes on after a colon. */
const UNDO_WORDS: ReadonlyMap<string, string> = new Map([
  ['failed', 'the SLOs did not hold'], ['worse', 'a guard got worse'], ['inconclusive', 'the repetition gave no verdict'], ['stopped', 'the run was stopped before it was validated'],
  ['unfinished', 'an earlier run ended in the middle of it'], ['expired', 'its time was over'], ['asked', 'a person asked for it'],
]);

/** Why a change was undone, in words; a reason that this version does not know stays as it is. */
export function undoWords(reason: string): string {
  return UNDO_WORDS.get(reason) ?? plainLine(reason);
}

/** A value of the system under test as people read it: a bare word without quotes, a number with its unit, everything else as JSON. */
function valueText(value: Json): string {
  if (value === null) return 'not set';
  if (typeof value === 'string' && /^[\p{L}\p{N}_.:/@-]{1,80}$/u.test(value)) return value;
  return typeof value === 'number' ? String(value).replace(/^-/, '−') : plainJson(value, 80);
}

/** The value before and after with the unit once: `700 → 850 ms`, `false → true`; '' when there is nothing to compare (a restart). */
export function beforeAfter({ before, after, unit }: Pick<RemedyChange, 'before' | 'after' | 'unit'>): string {
  const [from, to] = [valueText(before), valueText(after)];
  if (from === to) return '';
  const word = unit === null || typeof after !== 'number' ? '' : ` ${plainLine(unit)}`;
  return `${from} → ${to}${word}`;
}

/** What is changed: `eosTimeout 700 → 850 ms`. */
export function changeText(change: Pick<RemedyChange, 'param' | 'before' | 'after' | 'unit'>): string {
  return `${plainLine(change.param)} ${beforeAfter(change)}`.trim();
}

/** A change with the remedy that made it: `longer_eos: eosTimeout 700 → 850 ms`. */
export function remedyText(change: Pick<RemedyChange, 'remedy' | 'param' | 'before' | 'after' | 'unit'>): string {
  return `${plainLine(change.remedy)}: ${changeText(change)}`;
}

/** What a proposal would change; a change without values to compare (a restart) goes by its title: `Restart the recogniser (asr)`. */
export function proposalText(change: Pick<RemedyChange, 'title' | 'param' | 'before' | 'after' | 'unit'>): string {
  return beforeAfter(change) === '' ? `${plainLine(change.title)} (${plainLine(change.param)})` : changeText(change);
}

/** The value of an SLO before and after a change: `912 ms → 655 ms`. */
export function shiftValues(shift: Pick<SloShift, 'unit' | 'before' | 'after'>): string {
  return `${sideValue(shift, 'before')} → ${sideValue(shift, 'after')}`;
}

/** The value of an SLO on one side of a change: `912 ms`. */
export function sideValue<S extends 'before' | 'after'>(shift: Pick<SloShift, 'unit' | S>, side: S): string {
  return formatValue(shift[side].value, unitOf(shift.unit));
}

/** An SLO before and after a change, with the verdict after it: `ASR final 912 ms → 655 ms, pass`. */
export function shiftText(shift: SloShift): string {
  return `${plainLine(shift.title)} ${shiftValues(shift)}, ${VERDICT_WORDS[shift.after.verdict]}`;
}

/** What came of a change, in one sentence without its end: `kept: ASR final 912 ms → 655 ms, pass; every SLO it should heal holds`. */
export function resultText({ state, why, shifts }: Pick<RemediationReport, 'state' | 'why' | 'shifts'>): string {
  const reason = why === '' ? [] : [state === 'rolled-back' ? undoWords(why) : plainLine(why)];
  const told = [...shifts.map(shiftText), ...reason].join('; ');
  return told === '' ? REMEDY_WORDS[state] : `${REMEDY_WORDS[state]}: ${told}`;
}

/** The command that takes a change back; null for a change that is not in force. */
export function undoCommand({ id, state }: Pick<RemediationReport, 'id' | 'state'>, { suite_argument, state_argument }: Pick<RunReport, 'suite_argument' | 'state_argument'>): string | null {
  return state === 'kept' || state === 'failed' || state === 'applied' ? `realops undo ${shellQuote(plainLine(id))} ${shellQuote(suite_argument)}${state_argument === null ? '' : ` --state ${shellQuote(state_argument)}`}` : null;
}

/** A cause with how sure its rule is: `End-of-speech timeout is too aggressive (80 %)`; the unknown cause has no such number. */
export function causeText({ diagnosis, cause, confidence }: Pick<Diagnosed, 'diagnosis' | 'cause' | 'confidence'>): string {
  return diagnosis === 'unknown' ? plainLine(cause) || 'unknown' : `${plainLine(cause)} (${Math.round(confidence * 100)} %)`;
}

/** The facts behind a cause, each short: `voice.truncated 21 %`, `voice.final p95 in asr 912 ms`, `$count(events) > 3 = true`. */
export function evidenceTexts({ evidence }: Pick<Diagnosed, 'evidence'>, units: Units): readonly string[] {
  return Object.entries(evidence).map(([expression, value]) => evidenceText(plainLine(expression), value, units));
}

const METRIC = /^metrics\.([\w.]+?)(?:\.in\.(?:`([^`]+)`|(\w+)))?\.(mean|min|max|median|p[\d.]+|stddev|rate|ratio|sum|last|samples|missing|invalid)$/;
const SLO = /^slos\.(?:`([^`]+)`|(\w+))\.(value|limit)$/;

function evidenceText(expression: string, value: Json, units: Units): string {
  if (typeof value === 'number') {
    const [, metric, quoted, scenario, aggregate = ''] = METRIC.exec(expression) ?? [];
    if (metric !== undefined) {
      const share = aggregate === 'rate' || aggregate === 'ratio';
      const counted = aggregate === 'samples' || aggregate === 'missing' || aggregate === 'invalid';
      const place = quoted ?? scenario;
      return `${metric}${share ? '' : ` ${aggregate}`}${place === undefined ? '' : ` in ${place}`} ${formatValue(value, share ? 'ratio' : counted ? 'count' : (units.metric(metric) ?? 'count'))}`;
    }
    const [, sign, word, field] = SLO.exec(expression) ?? [];
    const id = sign ?? word;
    if (id !== undefined) return `${id}${field === 'limit' ? ' limit' : ''} ${formatValue(value, units.slo(id) ?? 'count')}`;
  }
  return `${expression} = ${plainJson(value, 80)}`;
}

/** An alert in one line: `WER too high (critical): WER too high since 14:12`. */
export function alertText({ title, severity, message }: Pick<AlertReport, 'title' | 'severity' | 'message'>): string {
  return `${plainLine(title)} (${severity}): ${plainLine(message)}`;
}
