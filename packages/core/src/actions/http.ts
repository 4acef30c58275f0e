import { RealopsError, type ActionContext, type Json } from '../plugin.js';
import { isCredentialKey, redactGeneric } from '../privacy/generic.js';
import { isJsonObject, preview } from '../text/index.js';
import { keysOf, valueAt } from './knob/pointer.js';

/** The parameters of an `http.request`. */
export interface HttpCall {
  readonly url: string;
  readonly [parameter: string]: unknown;
}

/** A call as a parameter: checked like the `with` of `http.request` when it is made. */
export const callSchema = {
  type: 'object',
  properties: {
    url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target' },
    path: { type: 'string', description: 'Appended to the path of the URL' },
    method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], description: 'GET, or POST when there is a body' },
    query: { type: 'object', properties: {}, additionalProperties: {}, description: 'Query parameters' },
    headers: { type: 'object', properties: {}, additionalProperties: { type: 'string' }, description: 'They win over the headers that are implied' },
    json: { description: 'A JSON body' },
    text: { type: 'string', description: 'A text body' },
    form: { type: 'object', properties: {}, additionalProperties: {}, description: 'A form body' },
  },
  required: ['url'],
} as const;

/** A call that reads one value. */
export const readSchema = {
  ...callSchema,
  properties: { ...callSchema.properties, at: { type: 'string', minLength: 1, description: 'Where the value stands in the body: a JSON pointer such as /state, or JSONata; the whole body by default' } },
} as const;

/**
 * Makes a call under the allow-list of the suite and gives the body of its answer.
 * @throws RealopsError REALOPS_TARGET_FAILED for a status that is not 2xx; what `http.request` throws. A call that changes something may have done so all the same
 */
export async function call(given: HttpCall, context: Pick<ActionContext, 'run'>): Promise<Json> {
  const output = await context.run({ use: 'http.request', with: withoutUndefined(given) });
  const answer = isJsonObject(output) ? output : {};
  const { status, body = null } = answer;
  if (typeof status === 'number' && status >= 200 && status < 300) return body;
  throw new RealopsError('REALOPS_TARGET_FAILED', `${showCall(given)} was answered with ${preview(status ?? null)}: ${redactGeneric(preview(body, 200))}`, { hint: 'only a status of 2xx counts as done' });
}

/** The value that `at` names in an answer or output; the whole of it when `at` is missing. */
export async function pick(body: Json, at: string | undefined, context: Pick<ActionContext, 'evaluate'>): Promise<Json | undefined> {
  if (at === undefined) return body;
  const keys = keysOf(at);
  return keys === undefined ? context.evaluate(at, body) : valueAt(body, keys);
}

/** A call for people, in one line and without headers, credentials and queries: `POST http://127.0.0.1:8000/api/config {"eos":700}`. */
export function showCall({ url, path, method, json, text, form }: HttpCall): string {
  const hasBody = json !== undefined || text !== undefined || form !== undefined;
  const address = `${url.replace(/[?#].*$/s, '')}${typeof path === 'string' ? `/${path.replace(/[?#].*$/s, '').replace(/^\//, '')}` : ''}`;
  const body = json ?? form;
  const verb = typeof method === 'string' ? method : hasBody ? 'POST' : 'GET';
  return redactGeneric(`${verb} ${address}${body === undefined ? '' : ` ${preview(hideCredentials(body), 300)}`}`);
}

/** A call as {@link showCall} shows it, with the address of its target in the place of the target's name: what a person without the suite can carry out. */
export function showCallInFull(given: HttpCall, { target }: Pick<ActionContext, 'target'>): string {
  if (URL.canParse(given.url)) return showCall(given);
  const address = target(given.url);
  address.username = '';
  address.password = '';
  return showCall({ ...given, url: address.href.replace(/\/$/, '') });
}

function hideCredentials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideCredentials);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, isCredentialKey(key) || /^(?:token|secret|pin)$/i.test(key) ? '[redacted]' : hideCredentials(item)]));
}

function withoutUndefined(given: HttpCall): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

