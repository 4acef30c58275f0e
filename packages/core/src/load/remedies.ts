import { dirname } from 'node:path';
import type { Shape } from '../expression/index.js';
import { parseObjective } from '../judge/objective.js';
import type { ActionType } from '../model/action-type.js';
import type { Knob } from '../model/knob.js';
import type { Remedy } from '../model/remedy.js';
import type { Objective } from '../model/slo.js';
import { isJsonObject, preview, suggest, suggestion } from '../text/index.js';
import { parseDuration } from '../time/index.js';
import { askAction, type Asked } from './ask-action.js';
import { conditionAt, templateAt } from './compile.js';
import { knownSlo } from './diagnoses.js';
import { child, createTaken, items, listed, sourceOf, within, type Node } from './draft.js';
import { remedySchema } from './envelope-remediation.js';
import { reportCycles } from './knob-cycles.js';
import type { RemediationLoader } from './remediation.js';
import { checkWith } from './with.js';

/** Compiles the remedies of all files, and refuses those that work against each other. */
export function loadRemedies(knobs: ReadonlyMap<string, Knob>, loader: RemediationLoader): readonly Remedy[] {
  const isFree = createTaken('remedy id', loader.draft);
  const nodes = listed(loader.roots, 'remedies');
  const [first] = nodes;
  if (first !== undefined && loader.sloIds.size === 0) {
    loader.draft.report('REALOPS_REMEDY_UNREACHABLE', `${nodes.length === 1 ? 'the remedy' : 'the remedies'} can never be used: the suite has no SLO that could fail`, first, 'write slos: [{ id: …, objective: … }]');
  }
  const loaded = nodes.flatMap((node) => loadRemedy(node, isFree, knobs, loader) ?? []);
  reportCycles(loaded, loader.draft);
  return loaded.map(({ remedy }) => remedy);
}

/** A remedy with where it moves knobs. */
export interface LoadedRemedy extends Pick<Asked, 'moves'> {
  readonly remedy: Remedy;
  readonly node: Node;
}

function loadRemedy(node: Node, isFree: ReturnType<typeof createTaken>, knobs: ReadonlyMap<string, Knob>, loader: RemediationLoader): LoadedRemedy | undefined {
  const { draft, found } = loader;
  const yaml = draft.check(remedySchema, node, 'exempt');
  const free = isFree(child(node, 'id').value, child(node, 'id'));
  const when = conditionAt(child(node, 'when'), found, loader);
  const action = findAction(child(node, 'use'), loader);
  const given = child(node, 'with');
  const parameters = templateAt(given, parameterShape(loader), loader);
  // Anything but an object has been told with the remedy itself.
  const checkable = action !== undefined && (given.value === undefined || isJsonObject(given.value));
  const sound = checkable && checkWith(action, given, node, loader);
  const asked = sound ? askAction(action, node, knobs, draft) : undefined;
  const guards = items(child(node, 'guards')).map((guard) => guardAt(guard, loader));
  if (yaml === undefined || !free || when === undefined || action === undefined || parameters === undefined) return undefined;
  const remedy: Remedy = {
    id: yaml.id,
    title: yaml.title ?? yaml.id,
    when,
    action,
    with: parameters,
    directory: dirname(node.document.file),
    cooldownMs: parseDuration(yaml.cooldown),
    dailyLimit: yaml.dailyLimit,
    guards: guards.flatMap((guard) => guard ?? []),
    approval: yaml.approval,
    settleMs: parseDuration(yaml.settle),
    source: sourceOf(node),
  };
  return { remedy, node, moves: asked?.moves ?? [] };
}

/** What templates in `with` read: what does not depend on the run, and what `when` reads but the events. */
function parameterShape({ fixed, found }: RemediationLoader): Shape {
  if (found.kind !== 'keys') return found;
  const { events: _, ...facts } = found.keys;
  return { kind: 'keys', keys: { ...fixed, ...facts } };
}

function findAction(use: Node, { registry, draft }: RemediationLoader): ActionType | undefined {
  if (typeof use.value !== 'string' || use.value === '') return undefined;
  const action = registry.actions.get(use.value);
  if (action !== undefined) return action;
  const more = suggest(use.value, registry.actions.keys()) === undefined ? '; others come with the modules under plugins' : '';
  draft.report('REALOPS_ACTION_UNKNOWN', `no loaded plugin registers the action ${preview(use.value)}`, use, `${suggestion(use.value, registry.actions.keys(), 'actions')}${more}`);
  return undefined;
}

/** The objective that a guard gives, or that of the SLO that it names. */
function guardAt(node: Node, loader: RemediationLoader): Objective | undefined {
  const { value } = node;
  if (typeof value !== 'string' || value === '') return undefined;
  if (/^[\w-]+$/.test(value)) return knownSlo(value, node, loader) ? loader.slos.find(({ id }) => id === value)?.objective : undefined;
  const { objective, problems } = parseObjective(value, loader.metrics);
  for (const { code, message, hint, offset, length } of problems) loader.draft.add({ code, message, source: within(node, offset, length), ...(hint === undefined ? {} : { hint }) });
  return objective;
}
