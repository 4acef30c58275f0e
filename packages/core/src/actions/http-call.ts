import { defineAction, RealopsError, type ActionContext, type Json } from '../plugin.js';
import { isJsonObject, preview, sameValue } from '../text/index.js';
import { call, callSchema, pick, readSchema, showCall, showCallInFull, type HttpCall } from './http.js';
import { asJson } from './json.js';
import { keysOf, valueAt } from './knob/pointer.js';

/** A call that reads one value. */
export interface ReadCall extends HttpCall {
  readonly at?: string;
}

/** A change by a call of its own, together with the call that undoes it and the one that tells which is in force. */
export const httpCall = defineAction({
  use: 'http.call',
  description: 'Makes an HTTP call that changes the system; a second call undoes it, a third reads which of the two is in force.',
  with: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, description: 'The name of what is changed; where it is read by default' },
      do: { ...callSchema, description: 'The call that makes the change, with the parameters of http.request' },
      undo: { ...callSchema, description: 'The call that takes it back' },
      read: { ...readSchema, description: 'The call that reads the state' },
      after: { description: 'What read gives when the change is in force; by default what the JSON body of do holds at the place that read.at names' },
    },
    required: ['do', 'undo', 'read'],
  },
  structural: true,
  check({ do: change, read, after }, { unknown }) {
    if (change === undefined || read === undefined || unknown.has('after') || afterOf({ do: change, read, after }) !== undefined) return [];
    return [{ path: [], message: 'nothing says what read gives once the change is in force, so it could be neither checked nor undone', hint: 'write after: VALUE, or the value in do.json at the place that read.at names' }];
  },
  param: ({ name, read }) => name ?? `${showCall(read).replace(/^\w+ /, '')}${read.at === undefined ? '' : ` ${read.at}`}`,
  read: async ({ read }, context) => readState(read, context),
  async plan(parameters, before, context) {
    const after = afterOf(parameters);
    if (after === undefined) return { possible: false, reason: 'nothing says what the state is after the call; give it as "after"' };
    if (sameValue(before, after)) return { possible: false, reason: `the state is ${preview(before)} already` };
    return { possible: true, after, rollback: showCallInFull(parameters.undo, context) };
  },
  async write(parameters, value, context) {
    const after = afterOf(parameters);
    await call(after !== undefined && sameValue(value, after) ? parameters.do : parameters.undo, context);
  },
});

/**
 * The state that a call reads.
 * @throws RealopsError REALOPS_KNOB_READ when there is no value at the place
 */
export async function readState({ at, ...request }: ReadCall, context: ActionContext): Promise<Json> {
  const value = await pick(await call(request, context), at, context);
  if (value === undefined) throw new RealopsError('REALOPS_KNOB_READ', `${showCall(request)} gives no value at ${at ?? 'all'}`, { hint: 'does "at" name the place of the value?' });
  return value;
}

/** The state that a change leads to, as far as its parameters tell. */
export function afterOf({ do: change, read, after }: { readonly do: HttpCall; readonly read: ReadCall; readonly after?: unknown }): Json | undefined {
  if (after !== undefined) return asJson(after);
  const keys = read.at === undefined ? undefined : keysOf(read.at);
  return keys === undefined || !isJsonObject(change['json']) ? undefined : valueAt(change['json'], keys);
}
