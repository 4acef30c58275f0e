import type { Failure } from '../events/report.js';
import { plainLine } from '../text/plain.js';

/** A cause of failure in a few words: the expectations that did not hold, else the sentence of the error. */
export function causeTitle({ error, expectations }: Pick<Failure, 'error' | 'expectations'>): string {
  const broken = expectations.filter(({ held }) => !held).map(({ expression }) => plainLine(expression));
  const text = broken.length === 0 ? plainLine(error.message) : `${broken.slice(0, 2).join(' and ')}${broken.length > 2 ? ` and ${broken.length - 2} more` : ''} did not hold`;
  const signs = [...text];
  return signs.length <= 140 ? text : `${signs.slice(0, 139).join('')}…`;
}
