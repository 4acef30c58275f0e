import { isJsonObject, type Json } from '../text/index.js';

/**
 * A value with every secret in it replaced by `${{ secrets.NAME }}`, so that it can be written to the ledger and made whole again later. Longer secrets are replaced first,
 * so that one which holds another is not torn apart.
 */
export function concealSecrets(value: Json, secrets: ReadonlyMap<string, string>): Json {
  const known = [...secrets].filter(([, secret]) => secret.length > 0).sort(([, a], [, b]) => b.length - a.length);
  return known.length === 0 ? value : conceal(value, known);
}

function conceal(value: Json, secrets: readonly (readonly [name: string, secret: string])[]): Json {
  if (typeof value === 'string') return concealText(value, secrets);
  if (Array.isArray(value)) return value.map((item: Json) => conceal(item, secrets));
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, conceal(item, secrets)])) : value;
}

/** Replaces piece by piece, so that nothing is looked for inside what was put in. */
function concealText(text: string, secrets: readonly (readonly [name: string, secret: string])[]): string {
  const [first, ...rest] = secrets;
  if (first === undefined || text === '') return text;
  const [name, secret] = first;
  return text.split(secret).map((piece) => concealText(piece, rest)).join(`\${{ secrets.${name} }}`);
}
