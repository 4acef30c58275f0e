import { Buffer } from 'node:buffer';

/** When a recording says that it was made: the creation date of its INFO list (`ICRD`), or the date of its broadcast extension (EBU Tech 3285). Undefined when it says nothing. */
export function recordedAt(wav: Uint8Array): Date | undefined {
  const bytes = Buffer.from(wav.buffer, wav.byteOffset, wav.byteLength);
  const text = (from: number, to: number): string => bytes.subarray(from, to).toString('latin1');
  let found: Date | undefined;
  for (let at = 12; at + 8 <= bytes.length && found === undefined; ) {
    const [id, size] = [text(at, at + 4), bytes.readUInt32LE(at + 4)];
    const body = at + 8;
    if (id === 'bext' && size >= 338) found = dateOf(text(body + 320, body + 338));
    if (id === 'LIST' && text(body, body + 4) === 'INFO') {
      for (let entry = body + 4; entry + 8 <= Math.min(body + size, bytes.length); entry += 8 + bytes.readUInt32LE(entry + 4) + (bytes.readUInt32LE(entry + 4) % 2)) {
        if (text(entry, entry + 4) === 'ICRD') found = dateOf(text(entry + 8, entry + 8 + bytes.readUInt32LE(entry + 4)));
      }
    }
    at = body + size + (size % 2);
  }
  return found;
}

/** `2026-11-27`, also with `:` or `_` between the numbers. */
function dateOf(text: string): Date | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-:_. /](\d{2})[-:_. /](\d{2})/u.exec(text) ?? [];
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
