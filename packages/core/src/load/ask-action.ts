import { messageOf } from '../errors/index.js';
import type { ActionCheck, ActionType, KnobMove } from '../model/action-type.js';
import type { Knob } from '../model/knob.js';
import { compileSchema } from '../schema/index.js';
import { isJsonObject, type Json } from '../text/index.js';
import { child, type Draft, type Node } from './draft.js';

/** What an action says of its parameters before it runs. */
export interface Asked {
  readonly moves: readonly KnobMove[];
}

/** Lets an action check the parameters of a remedy that its schema has accepted. Parameters with a template in them are left out, since nothing is known of them yet. */
export function askAction(action: ActionType, node: Node, knobs: ReadonlyMap<string, Knob>, draft: Draft): Asked {
  const given = child(node, 'with');
  const { value } = compileSchema(action.with).check(given.value ?? {}, { templates: 'exempt' });
  const parameters = isJsonObject(value) ? Object.entries(value) : [];
  const known = Object.fromEntries(parameters.filter(([, each]) => !holdsTemplate(each)));
  const unknown = new Set(parameters.flatMap(([name, each]) => (holdsTemplate(each) ? [name] : [])));
  const context: ActionCheck = { knob: (name) => knobs.get(name)?.bounds, unknown };
  try {
    for (const { path, message, hint } of action.check?.(asParameters(known), context) ?? []) {
      draft.report('REALOPS_WITH_INVALID', `${action.use}: ${message}`, given.value === undefined ? node : child(given, ...path), hint);
    }
    return { moves: action.moves?.(asParameters(known), context) ?? [] };
  } catch (error) {
    draft.report('REALOPS_PLUGIN_INVALID', `the action ${action.use} fails while it checks its parameters: ${messageOf(error)}`, child(node, 'use'), 'this is for the author of the plugin to mend');
    return { moves: [] };
  }
}

function holdsTemplate(value: Json): boolean {
  if (typeof value === 'string') return value.includes('${{');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsTemplate);
}

/** The seam where a type-erased action meets parameters that its own schema has accepted. */
function asParameters(value: Json): never {
  return value as never;
}
