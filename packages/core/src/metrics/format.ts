import type { Unit } from './metric.js';

/** A value with its unit as people read it: `655 ms`, `1.74 s`, `17.2 %`, `12.8 GB`, `20`. Independent of locale. */
export function formatValue(value: number | null, unit: Unit): string {
  if (value === null) return '—';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  switch (unit) {
    case 'ms':
      return Math.abs(value) >= 1_000 ? `${digits(value / 1_000)} s` : `${digits(value)} ms`;
    case 's':
      return `${digits(value)} s`;
    case 'ratio':
      return `${digits(value * 100)} %`;
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return digits(value);
    case 'celsius':
      return `${digits(value)} °C`;
    default:
      return `${digits(value)} ${unit}`;
  }
}

/** An interval: `631 – 702 ms`; an open side is ∞. */
export function formatInterval(interval: { readonly low: number | null; readonly high: number | null } | null, unit: Unit): string {
  if (interval === null) return '—';
  const low = interval.low === null ? '−∞' : formatValue(interval.low, unit);
  const high = interval.high === null ? '∞' : formatValue(interval.high, unit);
  const [number, word] = splitUnit(low);
  return word !== '' && high.endsWith(` ${word}`) ? `${number} – ${high}` : high === '∞' && word !== '' ? `${number} – ∞ ${word}` : `${low} – ${high}`;
}

/** Three significant digits without exponent; whole numbers stay whole. */
function digits(value: number): string {
  if (Number.isInteger(value)) return minus(String(value));
  const size = Math.abs(value);
  return minus(size >= 100 ? value.toFixed(0) : size >= 10 ? trim(value.toFixed(1)) : trim(value.toFixed(2)));
}

function trim(text: string): string {
  return text.replace(/\.?0+$/, '');
}

function minus(text: string): string {
  return text === '-0' ? '0' : text.replace(/^-/, '−');
}

function splitUnit(text: string): readonly [number: string, unit: string] {
  const space = text.indexOf(' ');
  return space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space + 1)];
}

function formatBytes(value: number): string {
  const [factor, name] = Math.abs(value) >= 1e9 ? [1e9, 'GB'] : Math.abs(value) >= 1e6 ? [1e6, 'MB'] : Math.abs(value) >= 1e3 ? [1e3, 'kB'] : [1, 'B'];
  return `${digits(value / factor)} ${name}`;
}
