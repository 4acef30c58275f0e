import type { Unit } from './metric.js';

/** A value with its unit as people read it, to three digits: `655 ms`, `1.74 s`, `17.2 %`, `12.8 GB`, `20`. Independent of locale. */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return '—';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const scale = scaleOf(value, unit);
  return withWord(digits(inScale(value, scale)), scale);
}

/** A limit with its unit, without rounding: `1.234 s`, `99.95 %`, `30 min`. */
export function formatExact(value: number, unit: Unit): string {
  const scale = scaleOf(value, unit);
  return withWord(plain(inScale(value, scale)), scale);
}

/** An interval in one unit: `631 – 702 ms`, `0.95 – 1.2 s`; an open side is ∞. */
export function formatInterval(interval: { readonly low: number | null; readonly high: number | null } | null, unit: Unit): string {
  if (interval === null) return '—';
  const { low, high } = interval;
  const scale = scaleOf(Math.max(Math.abs(low ?? 0), Math.abs(high ?? 0)), unit);
  const side = (value: number | null, open: string): string => (value === null ? open : digits(inScale(value, scale)));
  return withWord(`${side(low, '−∞')} – ${side(high, '∞')}`, scale);
}

/** A unit as it is shown: how many of the metric's own unit make one, as a factor and a power of ten (so that decimals stay exact). */
interface Scale {
  readonly word: string;
  readonly factor?: number;
  readonly exponent?: number;
}

function scaleOf(value: number, unit: Unit): Scale {
  switch (unit) {
    case 'ms':
      return timeScale(value, 0);
    case 's':
      return timeScale(value, 3);
    case 'ratio':
      return { word: '%', exponent: -2 };
    case 'bytes':
      return [{ word: 'GB', exponent: 9 }, { word: 'MB', exponent: 6 }, { word: 'kB', exponent: 3 }].find(({ exponent }) => reaches(value, 10 ** exponent)) ?? { word: 'B' };
    case 'count':
      return { word: '' };
    case 'celsius':
      return { word: '°C' };
    case 'dB':
    case 'Wh':
      return { word: unit };
  }
}

/** Times below a second in ms, below two minutes in s, below two hours in min. */
function timeScale(value: number, exponent: number): Scale {
  const second = 10 ** (3 - exponent);
  if (!reaches(value, second)) return { word: 'ms', exponent: -exponent };
  if (!reaches(value, 120 * second)) return { word: 's', exponent: 3 - exponent };
  return reaches(value, 7_200 * second) ? { word: 'h', factor: 3_600, exponent: 3 - exponent } : { word: 'min', factor: 60, exponent: 3 - exponent };
}

/** Whether a value is as large as a unit once it is rounded to three digits: 999.7 ms is shown as 1 s. */
function reaches(value: number, size: number): boolean {
  return Math.abs(Number(value.toPrecision(3))) >= size;
}

function inScale(value: number, { factor = 1, exponent = 0 }: Scale): number {
  return (exponent >= 0 ? value / 10 ** exponent : value * 10 ** -exponent) / factor;
}

function withWord(text: string, { word }: Scale): string {
  return word === '' ? text : `${text} ${word}`;
}

/** Three significant digits; whole numbers stay whole. */
function digits(value: number): string {
  if (value === 0 || Number.isInteger(value)) return plain(value);
  return plain(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

/** A number without exponent and without the dust of binary fractions. */
function plain(value: number): string {
  const exact = Number(value.toPrecision(12));
  const text = Math.abs(exact) < 1e-6 && exact !== 0 ? exact.toFixed(20).replace(/0+$/, '') : Math.abs(exact) >= 1e21 ? BigInt(exact).toString() : String(exact);
  return text === '-0' ? '0' : text.replace(/^-/, '−');
}
