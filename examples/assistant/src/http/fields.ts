/** One complaint about a request body, in the shape FastAPI users know. */
export interface FieldProblem {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

interface Complaint {
  readonly msg: string;
  readonly type: string;
}

/** Judges one value: what it is, or what is wrong with it. */
export type Field<T> = (value: unknown) => { readonly value: T } | Complaint;
/** The fields of a body. */
export type Fields = { readonly [name: string]: Field<unknown> };
/** The values of checked fields. */
export type Values<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const missing: Complaint = { msg: 'field required', type: 'value_error.missing' };

/** A string with length limits. */
export const text = ({ min = 0, max }: { readonly min?: number; readonly max: number }): Field<string> => (value) => {
  if (value === undefined) return missing;
  if (typeof value !== 'string') return { msg: 'str type expected', type: 'type_error.str' };
  if (value.length < min) return { msg: `ensure this value has at least ${min} characters`, type: 'value_error.any_str.min_length' };
  if (value.length > max) return { msg: `ensure this value has at most ${max} characters`, type: 'value_error.any_str.max_length' };
  return { value };
};

/** A finite number inside a range, whole when asked for. */
export const number = ({ min, max, whole = false }: { readonly min: number; readonly max: number; readonly whole?: boolean }): Field<number> => (value) => {
  if (value === undefined) return missing;
  if (typeof value !== 'number' || !Number.isFinite(value)) return { msg: 'value is not a valid number', type: 'type_error.float' };
  if (whole && !Number.isInteger(value)) return { msg: 'value is not a valid integer', type: 'type_error.integer' };
  if (value < min) return { msg: `ensure this value is greater than or equal to ${min}`, type: 'value_error.number.not_ge' };
  if (value > max) return { msg: `ensure this value is less than or equal to ${max}`, type: 'value_error.number.not_le' };
  return { value };
};

/** True or false, nothing that merely looks like it. */
export const flag: Field<boolean> = (value) =>
  value === undefined ? missing : typeof value === 'boolean' ? { value } : { msg: 'value could not be parsed to a boolean', type: 'type_error.bool' };

/** One of a few strings. */
export const choice = <const T extends string>(...allowed: readonly T[]): Field<T> => (value) => {
  if (value === undefined) return missing;
  const found = allowed.find((one) => one === value);
  return found === undefined ? { msg: `value is not one of ${allowed.map((one) => `'${one}'`).join(', ')}`, type: 'value_error.const' } : { value: found };
};

/** A list without repetition, of values that are all of one kind. */
export const list = <T>(of: Field<T>): Field<readonly T[]> => (value) => {
  if (value === undefined) return missing;
  if (!Array.isArray(value)) return { msg: 'value is not a valid list', type: 'type_error.list' };
  const values: T[] = [];
  for (const one of new Set<unknown>(value)) {
    const result = of(one);
    if (!('value' in result)) return result;
    values.push(result.value);
  }
  return { value: values };
};

/** Tells a plain JSON object from everything else. */
export const isRecord = (value: unknown): value is { readonly [key: string]: unknown } => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any JSON object. */
export const record: Field<{ readonly [key: string]: unknown }> = (value) =>
  value === undefined ? missing : isRecord(value) ? { value } : { msg: 'value is not a valid dict', type: 'type_error.dict' };

/** A field that may be left out or null. */
export function optional<T>(field: Field<T>): Field<T | undefined>;
export function optional<T>(field: Field<T>, otherwise: T): Field<T>;
export function optional<T>(field: Field<T>, otherwise?: T): Field<T | undefined> {
  return (value) => (value === undefined || value === null ? { value: otherwise } : field(value));
}

/**
 * Checks a body against its fields and reports every problem at once. Unknown keys are a problem too when `closed`,
 * so that a misspelt knob is never silently ignored.
 */
export function checkFields<F extends Fields>(
  body: unknown,
  fields: F,
  { closed = false }: { readonly closed?: boolean } = {},
): { readonly values: Values<F> } | { readonly problems: readonly FieldProblem[] } {
  if (!isRecord(body)) return { problems: [{ loc: ['body'], msg: 'value is not a valid dict', type: 'type_error.dict' }] };
  const problems: FieldProblem[] = [];
  const values: { [name: string]: unknown } = {};
  for (const [name, field] of Object.entries(fields)) {
    const result = field(Object.hasOwn(body, name) ? body[name] : undefined);
    if ('value' in result) values[name] = result.value;
    else problems.push({ loc: ['body', name], ...result });
  }
  if (closed) {
    for (const name of Object.keys(body)) {
      if (!Object.hasOwn(fields, name)) problems.push({ loc: ['body', name], msg: 'extra fields not permitted', type: 'value_error.extra' });
    }
  }
  // The one seam between checked fields and their types.
  return problems.length > 0 ? { problems } : { values: values as Values<F> };
}
