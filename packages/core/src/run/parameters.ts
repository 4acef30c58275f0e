import { RealopsError } from '../errors/index.js';
import type { Scope, Template } from '../expression/types.js';
import type { CallStep } from '../model/suite.js';
import { compileSchema } from '../schema/index.js';
import type { Json } from '../text/index.js';

/** Parameters of templates without expressions, checked once. */
const constants = new WeakMap<Template, Json>();
/** What other templates rendered last: a step that is repeated often renders the same. Parameters are read-only, so they may be shared. */
const latest = new WeakMap<Template, { readonly text: string; readonly parameters: Json }>();

/**
 * The parameters of a step with every template rendered, at once where nothing has to be awaited, checked in full against its schema and defaults filled in.
 * @throws RealopsError REALOPS_TEMPLATE_EMPTY or REALOPS_WITH_INVALID
 */
export function renderParameters(step: CallStep, scope: Scope): Json | Promise<Json> {
  const known = constants.get(step.with);
  if (known !== undefined) return known;
  const now = step.with.renderNow(scope);
  return now === undefined ? step.with.render(scope).then((rendered) => accept(step, rendered)) : accept(step, now.value);
}

function accept(step: CallStep, rendered: Json): Json {
  const text = step.with.constant ? '' : JSON.stringify(rendered);
  const last = latest.get(step.with);
  if (last !== undefined && last.text === text) return last.parameters;
  const { value, issues } = compileSchema(step.type.with).check(rendered);
  const [issue] = issues;
  if (issue !== undefined) {
    const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
    throw new RealopsError('REALOPS_WITH_INVALID', `with${path} ${issue.message} once its templates were rendered`, { hint: issue.hint });
  }
  if (step.with.constant) constants.set(step.with, value);
  else latest.set(step.with, { text, parameters: value });
  return value;
}
