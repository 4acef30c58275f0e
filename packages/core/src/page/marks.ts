import type { RemediationReport } from '../events/report.js';
import type { Verdict } from '../model/slo.js';
import type { Outcome, StepOutcome } from '../model/words.js';
import { html, raw, type Markup } from './markup.js';

/** The states of everything that is judged. Each has a shape, a word and a colour of its own, so that none is told by colour alone. */
export type State = 'pass' | 'fail' | 'inconclusive' | 'none' | 'error' | 'remedied' | 'needs-you';

/** The state of a verdict. */
export const VERDICT_STATES: { readonly [V in Verdict]: State } = { pass: 'pass', fail: 'fail', inconclusive: 'inconclusive', 'no-data': 'none', error: 'error' };

/** The state of a step, row or scenario. */
export const STEP_STATES: { readonly [O in StepOutcome]: State } = { passed: 'pass', failed: 'fail', error: 'error', skipped: 'none', cancelled: 'inconclusive' };

/** The state of a run. */
export const OUTCOME_STATES: { readonly [O in Outcome]: State } = {
  healthy: 'pass', remedied: 'remedied', failed: 'fail', 'needs-human': 'needs-you', 'could-not-run': 'error', inconclusive: 'inconclusive', cancelled: 'inconclusive',
};

/** The state of a change. */
export const REMEDY_STATES: { readonly [S in RemediationReport['state']]: State } = {
  proposed: 'needs-you', applied: 'inconclusive', kept: 'remedied', failed: 'fail', 'rolled-back': 'none', aborted: 'none', conflict: 'needs-you',
};

/** Shapes on a field of 16 by 16; `b` is filled with the state's colour, `s` is a stroke on top of it. */
const SHAPES: { readonly [S in State]: string } = {
  pass: '<circle class="b" cx="8" cy="8" r="7.2"/><path class="s" d="M4.6 8.4l2.3 2.3 4.5-5"/>',
  fail: '<path class="b" d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z"/><path class="s" d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2"/>',
  inconclusive: '<circle class="o" cx="8" cy="8" r="6.4"/><path class="b" d="M8 1.6a6.4 6.4 0 0 1 0 12.8z"/>',
  none: '<circle class="o" cx="8" cy="8" r="6.4" stroke-dasharray="2.9 2.13"/>',
  error: '<path class="b" d="M8 1l7.4 13.4H.6z"/><path class="s" d="M8 5.6v4m0 2.1v.6"/>',
  remedied: '<rect class="b" x=".8" y=".8" width="14.4" height="14.4" rx="3.6"/><path class="s" d="M4.7 8a3.3 3.3 0 1 0 1.2-2.6M5.7 3v2.6h2.6"/>',
  'needs-you': '<path class="b" d="M8 .4L15.6 8 8 15.6.4 8z"/><path class="s" d="M8 4.4v4.4m0 2v.5"/>',
};

/** The mark of a state. It is decoration: the word stands beside it. */
export function mark(state: State, size = 16): Markup {
  return html`<svg class="mark ${state}" width="${size}" height="${size}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${raw(SHAPES[state])}</svg>`;
}

/** The mark of a state with its word. */
export function badge(state: State, word: string): Markup {
  return html`<span class="badge ${state}">${mark(state)}<span>${word}</span></span>`;
}
