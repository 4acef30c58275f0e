import { nearestRankOf } from './rank.js';
import { parseDuration } from '../time/index.js';
import type { Json } from '../text/index.js';
import type { Functions } from './types.js';

/** Functions that every expression has beside those of JSONata. */
export const houseFunctions: Functions = {
  /** `$duration("2s")` → 2000: the milliseconds of a duration. */
  duration: (text) => (typeof text === 'string' ? parseDuration(text) : undefined),
  /** `$parseJson(text)`: the value that a JSON text holds; nothing when it holds none. */
  parseJson: (text) => {
    if (typeof text !== 'string') return undefined;
    try {
      // JSON.parse gives JSON and nothing else.
      return JSON.parse(text) as Json;
    } catch {
      return undefined;
    }
  },
  /** `$percentile(list, 95)`: the exact nearest-rank percentile of a list of numbers. */
  percentile: (list, percent) => (typeof percent === 'number' ? nearestRankOf(Array.isArray(list) ? list : [list], percent) : undefined),
};

/** The functions of JSONata 2.2 itself, by name. `$eval` is left out: it is not allowed. */
export const STANDARD_FUNCTIONS: readonly string[] = (
  'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split join ' +
  'formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread ' +
  'merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis clone now millis'
).split(' ');

/** What people look for under the names of other languages, and what to write. */
export const FOREIGN_FUNCTIONS: { readonly [name: string]: string } = {
  includes: '$contains(text, part) for texts, value in list for lists', startsWith: '$contains(text, /^start/)', endsWith: '$contains(text, /end$/)',
  indexOf: '$contains(text, part) tells whether it is there', size: '$length(text) or $count(list)', len: '$length(text) or $count(list)', isEmpty: '$length(text) = 0 or $count(list) = 0',
  avg: '$average(list)', mean: '$average(list)', int: '$number(text)', str: '$string(value)', toLower: '$lowercase(text)', toUpper: '$uppercase(text)', json: '$parseJson(text)',
};
