/** What to write instead of spellings of other languages, when the text shows one. */
export function hintFor(text: string): string | undefined {
  // Text inside quotes is not code.
  const code = text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  const duration = /(\d+(?:\.\d+)?)\s*(ms|s|m|h)\b/.exec(code);
  const percent = /(\d+(?:\.\d+)?)\s*%(?!\s*[\w(.$])/.exec(code);
  if (/[^=!<>]={2,3}[^=]|^={2,3}/.test(code)) return 'JSONata compares with a single =';
  if (/!={2}/.test(code)) return 'JSONata writes not equal as !=';
  if (code.includes('&&')) return 'JSONata writes and, not &&';
  if (code.includes('||')) return 'JSONata writes or, not ||';
  if (duration !== null) return `durations are plain numbers of milliseconds: write ${toMs(Number(duration[1]), duration[2] ?? 'ms')}; units belong into objective`;
  if (percent !== null) return `shares are plain numbers: write ${Number((Number(percent[1]) / 100).toPrecision(12))}; % belongs into objective`;
  if (/(^|[\s(])!\s*[\w$(]/.test(code)) return 'JSONata writes $not(x), not !x';
  return undefined;
}

function toMs(value: number, unit: string): number {
  return value * ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit] ?? 1);
}
