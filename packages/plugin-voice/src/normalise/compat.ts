/**
 * The normalisers that published figures were made with, so that a figure can be held against them. They are coarser than {@link normaliseSwedish}: clock times
 * fall into two numbers, decimals too, per cent and degrees disappear.
 */

const UNITS = ['noll', 'ett', 'två', 'tre', 'fyra', 'fem', 'sex', 'sju', 'åtta', 'nio', 'tio', 'elva', 'tolv', 'tretton', 'fjorton', 'femton', 'sexton', 'sjutton', 'arton', 'nitton'];
const TENS = ['', '', 'tjugo', 'trettio', 'fyrtio', 'femtio', 'sextio', 'sjuttio', 'åttio', 'nittio'];

/** A whole number below a million in Swedish words, written as num2words does: hundreds together, a space after thousands that more than ninety-nine follow. */
export function inSwedishWords(value: number): string {
  if (value < 20) return UNITS[value] ?? '';
  if (value < 100) return `${TENS[Math.floor(value / 10)] ?? ''}${value % 10 === 0 ? '' : inSwedishWords(value % 10)}`;
  if (value < 1_000) return `${inSwedishWords(Math.floor(value / 100))}hundra${value % 100 === 0 ? '' : inSwedishWords(value % 100)}`;
  const rest = value % 1_000;
  return `${inSwedishWords(Math.floor(value / 1_000))}tusen${rest === 0 ? '' : rest < 100 ? inSwedishWords(rest) : ` ${inSwedishWords(rest)}`}`;
}

/**
 * As the multilingual tracks of the Open ASR Leaderboard do it: lower case; what stands in `<>`, `[]` or `()` deleted, also from what was heard, which hides insertions;
 * NFKC with marks, symbols and punctuation as spaces; `10 000` joined; digits as words (here Swedish, up to 999 999). Its compound step is that of `voice.werCompound`.
 */
export function normaliseLeaderboard(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[<[][^>\]]*[>\]]/gu, '')
    .replaceAll(/\([^)]+?\)/gu, '')
    .normalize('NFKC')
    .replaceAll(/[\p{M}\p{S}\p{P}]/gu, ' ')
    .replaceAll(/(?<=\d)\s+(?=\d{3}(?!\d))/gu, '')
    .replaceAll(/\d+/gu, (digits) => (Number(digits) < 1_000_000 ? inSwedishWords(Number(digits)) : digits))
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** As the model cards of KBLab's Whisper models do it: lower case, letters a to ö and digits kept, anything else a space. Composed first, or å would fall apart. */
export function normaliseKblab(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll(/[^0-9a-zåäö ]/gu, ' ').replaceAll(/ +/gu, ' ').trim();
}
