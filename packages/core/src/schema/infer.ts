/**
 * What a string or object in `with:` means to the loader, beyond its JSON type:
 * `target` the name of a target (checked against the suite) or a URL inside the egress allow-list · `file` a path relative to the suite file that must exist ·
 * `expression` a bare JSONata expression, compiled and linted at load · `duration` a text such as `500ms` · `step` a nested `{ use, with }` checked like a step ·
 * `knob` the name of a knob of the suite (in actions) · `labels` an object whose keys become labels of everything that the step measures, so that SLOs may name them.
 */
export type Holds = 'target' | 'file' | 'expression' | 'duration' | 'step' | 'knob' | 'labels';

interface Described {
  readonly description?: string;
  readonly holds?: Holds;
}

/** The closed part of JSON Schema that `with:` blocks and outputs may use. A node without `type`, `enum` or `oneOf` admits any JSON. */
export type Schema = AnySchema | StringSchema | NumberSchema | BooleanSchema | ArraySchema | ObjectSchema | EnumSchema | OneOfSchema;

/** Any JSON value. */
export interface AnySchema extends Described {
  readonly default?: unknown;
  readonly type?: undefined;
}
/** A string; `holds` says what it names. */
export interface StringSchema extends Described {
  readonly type: 'string';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly default?: string;
}
/** A number or whole number with bounds. */
export interface NumberSchema extends Described {
  readonly type: 'number' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly default?: number;
}
/** True or false. */
export interface BooleanSchema extends Described {
  readonly type: 'boolean';
  readonly default?: boolean;
}
/** A list. */
export interface ArraySchema extends Described {
  readonly type: 'array';
  readonly items: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: readonly unknown[];
}
/** An object. Closed unless `additionalProperties` is given. */
export interface ObjectSchema extends Described {
  readonly type: 'object';
  readonly properties: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly default?: { readonly [name: string]: unknown };
}
/** One of a few literal values. */
export interface EnumSchema extends Described {
  readonly enum: readonly (string | number | boolean | null)[];
  readonly type?: 'string' | 'number' | 'integer' | 'boolean';
  readonly default?: string | number | boolean | null;
}
/** Exactly one of several forms. */
export interface OneOfSchema extends Described {
  readonly oneOf: readonly Schema[];
  readonly default?: unknown;
}

type Simplify<T> = { [K in keyof T]: T[K] } & {};

/** Keys that are certain to be there after defaults were filled in. */
type Present<S, P> =
  | (S extends { readonly required: readonly (infer R extends string)[] } ? R : never)
  | { [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never }[keyof P];

/** The TypeScript type of the values a schema literal admits, after defaults were filled in. */
export type Infer<S> = Schema extends S
  ? unknown
  : ObjectSchema extends S
    ? { readonly [name: string]: unknown }
    : S extends { readonly enum: readonly (infer E)[] }
      ? E
      : S extends { readonly type: 'string' }
        ? string
        : S extends { readonly type: 'number' | 'integer' }
          ? number
          : S extends { readonly type: 'boolean' }
            ? boolean
            : S extends { readonly type: 'array'; readonly items: infer I }
              ? readonly Infer<I>[]
              : S extends { readonly type: 'object'; readonly properties: infer P }
                ? Simplify<
                    { readonly [K in keyof P as K extends Present<S, P> ? K : never]: Infer<P[K]> } & {
                      readonly [K in keyof P as K extends Present<S, P> ? never : K]?: Infer<P[K]>;
                    } & (S extends { readonly additionalProperties: true } ? { readonly [name: string]: unknown }
                        : S extends { readonly additionalProperties: infer A extends Schema } ? { readonly [name: string]: Infer<A> } : unknown)
                  >
                : S extends { readonly oneOf: readonly (infer U)[] }
                  ? U extends unknown
                    ? Infer<U>
                    : never
                  : unknown;
