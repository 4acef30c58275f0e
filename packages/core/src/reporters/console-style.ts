import type { StepOutcome } from '../model/words.js';
import type { Verdict } from '../model/slo.js';

/** How words are set off; every one of them is readable without it. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  unsure(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
}

function wrap(open: number, close: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`);
}

const same = (text: string): string => text;

/** The style of a terminal with colours, or one that leaves text as it is. */
export function createStyle(color: boolean): Style {
  if (!color) return { good: same, bad: same, unsure: same, dim: same, strong: same };
  return { good: wrap(32, 39), bad: wrap(31, 39), unsure: wrap(33, 39), dim: wrap(2, 22), strong: wrap(1, 22) };
}

/** The sign before a line; the word beside it says the same. */
export const SIGNS: { readonly [O in StepOutcome]: string } = { passed: '✓', failed: '✗', error: '✗', skipped: '-', cancelled: '×' };

/** A text in the colour of an outcome. */
export function styleOutcome(style: Style, outcome: StepOutcome, text: string): string {
  return outcome === 'passed' ? style.good(text) : outcome === 'skipped' || outcome === 'cancelled' ? style.unsure(text) : style.bad(text);
}

/** A text in the colour of a verdict. */
export function styleVerdict(style: Style, verdict: Verdict, text: string): string {
  return verdict === 'pass' ? style.good(text) : verdict === 'fail' || verdict === 'error' ? style.bad(text) : style.unsure(text);
}
