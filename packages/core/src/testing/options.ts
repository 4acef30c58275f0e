import { RealopsError } from '../errors/index.js';
import type { ObjectSchema } from '../schema/infer.js';
import { compileSchema } from '../schema/index.js';
import { isJsonObject, type JsonObject } from '../text/index.js';

/**
 * Options as a load gives them to a reporter, a sink or a notifier: checked and filled in, where the type declares them.
 * @throws RealopsError REALOPS_WITH_INVALID when they do not fit
 */
export function optionsFor(type: { readonly name: string; readonly with?: ObjectSchema }, options: JsonObject): JsonObject {
  if (type.with === undefined) return options;
  const { value, issues } = compileSchema(type.with).check(options);
  if (issues[0] === undefined && isJsonObject(value)) return value;
  throw new RealopsError('REALOPS_WITH_INVALID', `${type.name}: ${[...(issues[0]?.path ?? []), issues[0]?.message ?? 'the options are no object'].join(' ')}`, { hint: issues[0]?.hint });
}

/** What is wrong with how a reporter, a sink or a notifier is declared. `options` are good ones. */
export function wrongDeclaration(type: { readonly name: string; readonly description: string; readonly with?: ObjectSchema }, options: JsonObject = {}): readonly string[] {
  const open = type.with !== undefined && compileSchema(type.with).check({ ...options, not_an_option: true }).issues.length === 0;
  return [
    ...(/^[a-z][A-Za-z0-9-]*$/.test(type.name) ? [] : [`"${type.name}" is no name for a suite: letters, digits and hyphens, beginning with a small letter`]),
    ...(type.description.trim() === '' ? [`${type.name} has no description`] : []),
    ...(open ? [`${type.name} accepts the option "not_an_option"; close its schema`] : []),
  ];
}
