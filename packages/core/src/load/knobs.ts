import { dirname } from 'node:path';
import type { Shape, Template } from '../expression/index.js';
import { readSchemas, writeSchemas } from '../model/knob-access.js';
import type { Knob } from '../model/knob.js';
import type { ObjectSchema } from '../schema/infer.js';
import { isJsonObject } from '../text/index.js';
import { parseDuration } from '../time/index.js';
import { expressionAt, templateAt } from './compile.js';
import { child, createTaken, named, sourceOf, type Node } from './draft.js';
import { knobSchema } from './envelope-remediation.js';
import { boundsOf } from './knob-bounds.js';
import { isName } from './names.js';
import type { RemediationLoader } from './remediation.js';
import { checkHolds } from './with.js';

const OPEN: Shape = { kind: 'open' };
/** The keys that tell the ways of reading and writing apart. */
const FORMS = ['url', 'command', 'file'] as const;
type Form = (typeof FORMS)[number];

/** Compiles the knobs of all files, by name. */
export function loadKnobs(loader: RemediationLoader): ReadonlyMap<string, Knob> {
  const isFree = createTaken('knob', loader.draft);
  return new Map(named(loader.roots, 'knobs').flatMap(([name, node]) => {
    const knob = loadKnob(name, node, loader);
    return isFree(name, node, 'key') && knob !== undefined ? [[name, knob] as const] : [];
  }));
}

function loadKnob(name: string, node: Node, loader: RemediationLoader): Knob | undefined {
  const { draft, fixed } = loader;
  if (!isName(name)) draft.report('REALOPS_VALUE_INVALID', `"${name}" cannot be the name of a knob`, node, 'a name has letters, digits, _ and -, and begins with a letter', 'key');
  const yaml = draft.check(knobSchema, node);
  const bounds = boundsOf(name, node, yaml, draft);
  const read = loadAccess(child(node, 'read'), readSchemas, fixed, loader);
  const write = loadAccess(child(node, 'write'), writeSchemas, { ...fixed, value: OPEN }, loader);
  if (write !== undefined && write.form !== 'file' && !write.template.reads.some((each) => /^value(?:\.|$)/.test(each))) {
    draft.report('REALOPS_KNOB_INVALID', `the write of the knob ${name} does not hold the new value`, child(node, 'write'), "put '${{ value }}' where the value belongs, e.g. json: { timeout: '${{ value }}' }", 'key');
  }
  if (yaml === undefined || bounds === undefined || read === undefined || write === undefined) return undefined;
  return { name, source: sourceOf(node), directory: dirname(node.document.file), bounds, read: read.template, write: write.template, settleMs: parseDuration(yaml.settle) };
}

/** The template of a `read` or `write`, checked by the schema of its form. */
function loadAccess(node: Node, schemas: { readonly [F in Form]: ObjectSchema }, roots: { readonly [name: string]: Shape }, loader: RemediationLoader): { readonly form: Form; readonly template: Template } | undefined {
  if (node.value === undefined) return undefined;
  const what = String(node.path.at(-1));
  const { value } = node;
  const [form, other] = isJsonObject(value) ? FORMS.filter((each) => Object.hasOwn(value, each)) : [];
  if (form === undefined) {
    loader.draft.report('REALOPS_KNOB_INVALID', `${what} must say by what: url, command or file`, node, what === 'read' ? 'e.g. { url: api, at: /timeout }, { command: [cat, timeout.txt] } or { file: config.yaml, at: /timeout }' : "e.g. { url: api, json: { timeout: '${{ value }}' } }, { command: [set-timeout, '${{ value }}'] } or { file: config.yaml, at: /timeout }");
    return undefined;
  }
  if (other !== undefined) {
    loader.draft.report('REALOPS_KNOB_INVALID', `${what} has both ${form} and ${other}`, child(node, other), 'keep one of them', 'key');
    return undefined;
  }
  const sound = loader.draft.check(schemas[form], node, 'exempt') !== undefined;
  if (sound) checkHolds(schemas[form], node, OPEN, loader);
  const at = child(node, 'at');
  if (what === 'read' && typeof at.value === 'string' && !at.value.startsWith('/') && !at.value.includes('${{')) expressionAt(at, OPEN, loader);
  const template = templateAt(node, { kind: 'keys', keys: roots }, loader);
  return sound && template !== undefined ? { form, template } : undefined;
}
