/** The digits after the point of each thousandth, without zeros at the end. */
const DIGITS: readonly string[] = Array.from({ length: 1_000 }, (_, thousandths) => String(thousandths).padStart(3, '0').replace(/0+$/, ''));

/** A number rounded to thousandths: milliseconds to whole microseconds. */
export function roundToThousandths(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** A number as JSON, which knows no infinity and no negative zero. Made from two whole numbers where it has at most three decimals, which takes a fifth of the time of looking for its shortest form. */
export function numberToJson(value: number): string {
  const thousandths = Math.round(value * 1_000);
  if (thousandths >= 0 && thousandths < 2 ** 50 && thousandths / 1_000 === value) {
    const whole = Math.floor(thousandths / 1_000);
    const rest = thousandths - whole * 1_000;
    return rest === 0 ? `${whole}` : `${whole}.${DIGITS[rest] ?? ''}`;
  }
  return Number.isFinite(value) ? `${value}` : 'null';
}
