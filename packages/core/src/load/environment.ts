import { compileTemplate, type Functions, type Shape } from '../expression/index.js';
import type { ConsentScope, Environment } from '../model/words.js';
import { CONSENT_SCOPES } from '../model/words.js';
import { isJsonObject, type Json, type JsonObject } from '../text/index.js';
import { child, entries, items, placeOf, within, type Draft, type Node } from './draft.js';
import { refuseTemplateKeys } from './template-keys.js';

/** What surrounds the scenarios: everything that is known before a step runs. */
export interface Surroundings {
  readonly name: string;
  readonly environment: Environment;
  readonly targets: { readonly [name: string]: string };
  /** Targets whose URL needs a secret that is not set; steps that read them are skipped with that reason. After a problem also the targets it leaves without a URL. */
  readonly missingTargets: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  /** Secrets that the suite names but the environment does not set. */
  readonly missingSecrets: ReadonlySet<string>;
  readonly consents: ReadonlySet<string>;
  readonly vars: JsonObject;
  readonly env: { readonly [name: string]: string };
}

/** The values of one variable environment, as `process.env` holds them. */
export type Env = { readonly [name: string]: string | undefined };

/** Reads names, secrets, consents, vars and targets of all files. Maps are merged; a name given twice is a problem. */
export async function readSurroundings(roots: readonly Node[], env: Env, functions: Functions, draft: Draft): Promise<Surroundings> {
  const main = roots[0];
  const variables = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  const { secrets, missing } = readSecrets(roots, variables);
  // A secret is read as secrets.NAME only, so that nobody prints it by way of env.
  const visible = Object.fromEntries(Object.entries(variables).filter(([name]) => !secrets.has(name)));
  const consents = readConsents(roots, visible, draft);
  const base: { readonly [name: string]: Shape } = { env: { kind: 'open' } };
  const brokenVars: string[] = [];
  const rendered = await renderMap(roots, 'vars', { shape: { kind: 'keys', keys: base }, scope: { env: visible }, functions, broken: (name) => brokenVars.push(name) }, draft);
  // What reads a broken value is not wrong because of it; nothing is run with these.
  const vars: JsonObject = { ...Object.fromEntries(brokenVars.map((name) => [name, null])), ...rendered };
  const secretScope = Object.fromEntries(secrets);
  const shape: Shape = { kind: 'keys', keys: { ...base, vars: orElse(shapeOfValue(vars), 'the suite has no vars'), secrets: keysShape([...secrets.keys(), ...missing]) } };
  const missingTargets = new Map<string, string>();
  const skipUnset = (name: string, reads: readonly string[]): boolean => {
    const secret = reads.map((read) => /^secrets\.(\w+)/.exec(read)?.[1]).find((read) => read !== undefined && missing.has(read));
    if (secret !== undefined) missingTargets.set(name, secret);
    return secret !== undefined;
  };
  const urls = await renderMap(roots, 'targets', { shape, scope: { env: visible, vars, secrets: secretScope }, functions, skip: skipUnset, broken: (name) => missingTargets.set(name, '') }, draft);
  const name = main === undefined ? undefined : child(main, 'suite').value;
  const environment = main === undefined ? undefined : child(main, 'environment').value;
  return {
    name: typeof name === 'string' ? name : 'suite',
    environment: environment === 'staging' || environment === 'production' ? environment : 'sandbox',
    targets: checkUrls(urls, roots, missingTargets, draft),
    missingTargets,
    secrets,
    missingSecrets: missing,
    consents,
    vars,
    env: visible,
  };
}

/** The shape of a value that is known at load. */
export function shapeOfValue(value: Json): Shape {
  if (!isJsonObject(value)) return { kind: 'open' };
  return { kind: 'keys', keys: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOfValue(item)])) };
}

/** A shape with what to say when it has no names. */
export function orElse(shape: Shape, none: string): Shape {
  return shape.kind === 'keys' ? { ...shape, none } : shape;
}

/** A shape of exactly these names with anything below. */
export function keysShape(names: Iterable<string>): Shape {
  return { kind: 'keys', keys: Object.fromEntries([...names].map((name) => [name, { kind: 'open' } as const])) };
}

function readSecrets(roots: readonly Node[], env: { readonly [name: string]: string }): { readonly secrets: ReadonlyMap<string, string>; readonly missing: ReadonlySet<string> } {
  const names = roots.flatMap((root) => items(child(root, 'secrets')).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])));
  const secrets = new Map<string, string>();
  const missing = new Set<string>();
  for (const name of names) {
    const value = env[name];
    if (value === undefined || value === '') missing.add(name);
    else secrets.set(name, value);
  }
  return { secrets, missing };
}

function readConsents(roots: readonly Node[], env: { readonly [name: string]: string }, draft: Draft): ReadonlySet<string> {
  const consents = new Set(roots.flatMap((root) => items(child(root, 'consents')).flatMap(({ value }) => (typeof value === 'string' ? [value] : []))));
  const given = (env['CONSENT_SCOPES'] ?? '').split(',').map((scope) => scope.trim()).filter((scope) => scope !== '');
  for (const scope of given) {
    if (isConsentScope(scope)) consents.add(scope);
    else draft.add({ code: 'REALOPS_VALUE_INVALID', message: `CONSENT_SCOPES holds "${scope}", which is not a consent scope`, hint: `the scopes are ${CONSENT_SCOPES.join(', ')}` });
  }
  return consents;
}

function isConsentScope(scope: string): scope is ConsentScope {
  return (CONSENT_SCOPES as readonly string[]).includes(scope);
}

interface RenderOptions {
  readonly shape: Shape;
  readonly scope: { readonly [name: string]: Json };
  readonly functions: Functions;
  readonly skip?: (name: string, reads: readonly string[]) => boolean;
  /** Called with every name that has been reported and left out. */
  readonly broken: (name: string) => void;
}

/** Renders one map section of all files; what cannot be rendered is reported and left out. */
async function renderMap(roots: readonly Node[], section: 'vars' | 'targets', options: RenderOptions, draft: Draft): Promise<JsonObject> {
  const result: { [name: string]: Json } = {};
  const given = new Map<string, Node>();
  for (const [name, node] of roots.flatMap((root) => entries(child(root, section)))) {
    if (given.has(name)) {
      draft.report('REALOPS_ID_DUPLICATE', `${section}.${name} is given in more than one file`, node, `it stands in ${placeOf(given.get(name) ?? node, node)} already`, 'key');
      continue;
    }
    given.set(name, node);
    refuseTemplateKeys(node, draft);
    const { template, problems } = compileTemplate(node.value as Json, {
      shape: options.shape,
      functions: options.functions,
      locate: (path, offset, length) => within(child(node, ...path), offset, length),
    });
    for (const problem of problems) draft.add(problem);
    if (problems.length > 0) options.broken(name);
    if (problems.length > 0 || options.skip?.(name, template.reads) === true) continue;
    try {
      result[name] = await template.render(options.scope);
    } catch (error) {
      options.broken(name);
      draft.report('REALOPS_TEMPLATE_EMPTY', `${section}.${name}: ${error instanceof Error ? error.message : String(error)}`, node, "set the variable, or give a default: ${{ env.NAME ?? 'value' }}");
    }
  }
  return result;
}

function checkUrls(rendered: JsonObject, roots: readonly Node[], missing: Map<string, string>, draft: Draft): { readonly [name: string]: string } {
  const nodes = new Map(roots.flatMap((root) => entries(child(root, 'targets'))));
  return Object.fromEntries(
    Object.entries(rendered).flatMap(([name, url]) => {
      if (typeof url === 'string' && URL.canParse(url) && new URL(url).host !== '') return [[name, url] as const];
      const node = nodes.get(name);
      missing.set(name, '');
      if (node !== undefined) draft.report('REALOPS_VALUE_INVALID', `targets.${name} must be a URL with a host, got ${JSON.stringify(url)}`, node, 'e.g. http://127.0.0.1:8000 or ws://127.0.0.1:8000/ws/asr');
      return [];
    }),
  );
}
