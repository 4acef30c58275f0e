import { RealopsError } from '../errors/index.js';
import { compileSchema } from '../schema/index.js';
import type { ObjectSchema } from '../schema/infer.js';
import { isJsonObject, type Json, type JsonObject } from '../text/index.js';
import type { KnobRead, KnobWrite } from './knob.js';

const text = { type: 'string', minLength: 1 } as const;
const url = { ...text, holds: 'target', description: 'A target name, or a URL whose host is the host of a target' } as const;
const method = { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] } as const;
const headers = { type: 'object', properties: {}, additionalProperties: { type: 'string' } } as const;
const command = { type: 'array', items: { type: 'string' }, minItems: 1, description: 'A program and its arguments; no shell reads it' } as const;
const file = { ...text, description: 'A JSON, YAML or KEY=VALUE file; the path starts from the file of the suite' } as const;
const at = { ...text, description: 'Where the value stands: a JSON pointer such as /vad/eos, or JSONata' } as const;
const place = { type: 'string', pattern: '^(/.*|[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*)$', description: 'Where the value stands: a JSON pointer such as /vad/eos, or names joined by dots' } as const;

/** How a knob is read, by the key that tells the forms apart. */
export const readSchemas = {
  url: { type: 'object', properties: { url, method: { ...method, description: 'GET by default' }, headers, at }, required: ['url'] },
  command: { type: 'object', properties: { command, at }, required: ['command'] },
  file: { type: 'object', properties: { file, at }, required: ['file', 'at'] },
} as const satisfies { readonly [form: string]: ObjectSchema };

/** How a knob is written, by the key that tells the forms apart. */
export const writeSchemas = {
  url: { type: 'object', properties: { url, method: { ...method, description: 'POST by default' }, headers, json: { description: "The JSON body, with '${{ value }}' where the value belongs" } }, required: ['url'] },
  command: { type: 'object', properties: { command: { ...command, description: "A program and its arguments, with '${{ value }}' where the value belongs; no shell reads it" } }, required: ['command'] },
  file: {
    type: 'object',
    properties: {
      file,
      at: place,
      reload: {
        description: 'How the process that reads the file is told: { signal: SIGHUP, pidFile } or { command }',
        oneOf: [
          { type: 'object', properties: { signal: { enum: ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] }, pidFile: { ...text, description: 'The file that holds the id of the process' } }, required: ['signal', 'pidFile'] },
          { type: 'object', properties: { command }, required: ['command'] },
        ],
      },
    },
    required: ['file', 'at'],
  },
} as const satisfies { readonly [form: string]: ObjectSchema };


/**
 * The read or write of a knob after its templates were rendered, checked as what is written out is checked when the suite is loaded. Numbers and truths in the arguments of a
 * command and in headers become text, as they would in a shell.
 * @throws RealopsError REALOPS_KNOB_INVALID that names the knob and the field
 */
export function renderedRead(knob: string, rendered: Json): KnobRead {
  return checked(`read of the knob ${knob}`, readSchemas, rendered) as unknown as KnobRead;
}

/** The same for a write. */
export function renderedWrite(knob: string, rendered: Json): KnobWrite {
  return checked(`write of the knob ${knob}`, writeSchemas, rendered) as unknown as KnobWrite;
}

/** The value that its schema has accepted; the callers above are the seam where it gets its type. */
function checked(what: string, schemas: { readonly [form: string]: ObjectSchema }, rendered: Json): Json {
  const spelt = isJsonObject(rendered) ? spellOut(rendered) : {};
  const schema = Object.entries(schemas).find(([form]) => Object.hasOwn(spelt, form))?.[1];
  if (schema === undefined) throw new RealopsError('REALOPS_KNOB_INVALID', `the ${what} names neither url, command nor file once its templates are filled in`);
  const { value, issues } = compileSchema(schema).check(spelt);
  const [issue] = issues;
  if (issue !== undefined) throw new RealopsError('REALOPS_KNOB_INVALID', `the ${what}, once its templates are filled in: ${[issue.path.join('.'), issue.message].filter((part) => part !== '').join(' ')}`, { hint: issue.hint });
  return value;
}

function spellOut(access: JsonObject): JsonObject {
  const { command: words, headers: lines } = access;
  return { ...access, ...(Array.isArray(words) ? { command: words.map(asText) } : {}), ...(isJsonObject(lines) ? { headers: Object.fromEntries(Object.entries(lines).map(([name, value]) => [name, asText(value)])) } : {}) };
}

function asText(value: Json): Json {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
