import type { Finding } from './model.js';

/** What a file may be like and still be read, with what is done about it. */
const TOLERATED = {
  bom: 'begins with a byte order mark; it was left out',
  crlf: 'ends with CRLF; read as LF',
  nfd: 'holds letters in decomposed form (NFD); they were composed (NFC)',
  control: 'holds control characters; they were left out',
} as const;

/** Collects what is found in one file. */
export interface Findings {
  fault(line: number, message: string): undefined;
  /** Counted: a file with 20,000 such lines makes one note. */
  tolerated(what: keyof typeof TOLERATED, line: number): void;
  note(line: number, message: string): void;
  /** A text as it is compared: composed, without control characters, and without space around it. */
  text(value: string, line: number): string;
  /** In the order of the lines. */
  readonly faults: readonly Finding[];
  notes(): readonly Finding[];
}

/** Findings of the file of this name. */
export function createFindings(file: string): Findings {
  const faults: Finding[] = [];
  const others: Finding[] = [];
  const seen = new Map<keyof typeof TOLERATED, { readonly line: number; count: number }>();
  const tolerated: Findings['tolerated'] = (what, line) => {
    const before = seen.get(what);
    if (before === undefined) seen.set(what, { line, count: 1 });
    else before.count += 1;
  };
  return {
    get faults() {
      return [...faults].sort((a, b) => a.place.line - b.place.line);
    },
    fault: (line, message) => void faults.push({ place: { file, line }, message }),
    tolerated,
    note: (line, message) => void others.push({ place: { file, line }, message }),
    text(value, line) {
      const composed = value.normalize('NFC');
      if (composed !== value) tolerated('nfd', line);
      const plain = composed.replaceAll(/[\p{Cc}\u200b\u200e\u200f\u2060\ufeff]+/gu, ' ');
      if (plain !== composed) tolerated('control', line);
      return plain.trim();
    },
    notes: () => [...others, ...[...seen].map(([what, { line, count }]): Finding => ({ place: { file, line }, message: `${TOLERATED[what]}${count === 1 ? '' : ` (${count} lines)`}` }))],
  };
}
