import { dirname } from 'node:path';
import type { Expression, Shape } from '../expression/index.js';
import type { Metric } from '../metrics/metric.js';
import type { StepType } from '../model/step-type.js';
import type { CallStep, Retry, Step } from '../model/suite.js';
import type { Environment } from '../model/words.js';
import type { Infer } from '../schema/infer.js';
import { isJsonObject, suggestion } from '../text/index.js';
import { parseDuration } from '../time/index.js';
import { conditionAt, expressionAt, templateAt, type Compiler } from './compile.js';
import { child, entries, items, sourceOf, type Node } from './draft.js';
import type { GivenLabels } from './labels.js';
import { stepSchema } from './envelope.js';
import { afterStep, insideEach, outputShape, rootShape, shapeOfOutput, type Names } from './names.js';
import { checkWith, findStepType, type WithContext } from './with.js';

/** What compiling steps needs beside the steps. */
export interface StepLoader extends WithContext, Compiler {
  readonly environment: Environment;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly labels: GivenLabels;
  /** Every step id with its step type, for metrics that name one. */
  readonly ids: Map<string, StepType | undefined>;
}

/** A list of steps and the names that are known after it. */
export interface LoadedSteps {
  readonly steps: readonly Step[];
  readonly names: Names;
}

type StepYaml = Infer<typeof stepSchema>;

/** Compiles a list of steps. Ids are unique in `taken`; a step without one is called by its position: `setup1`, `step2`, `finally1`. */
export function loadSteps(list: Node, prefix: string, names: Names, taken: Set<string>, loader: StepLoader): LoadedSteps {
  const steps: Step[] = [];
  let known = names;
  items(list).forEach((node, index) => {
    const loaded = loadStep(node, `${prefix}${index + 1}`, known, taken, loader);
    known = loaded.names;
    if (loaded.step !== undefined) steps.push(loaded.step);
  });
  return { steps, names: known };
}

function loadStep(node: Node, fallbackId: string, names: Names, taken: Set<string>, loader: StepLoader): { readonly step: Step | undefined; readonly names: Names } {
  const yaml = loader.draft.check(stepSchema, node, 'exempt');
  const given = child(node, 'id').value;
  const id = typeof given === 'string' ? given : fallbackId;
  if (taken.has(id)) loader.draft.report('REALOPS_ID_DUPLICATE', `the step id "${id}" is used twice in this scenario`, child(node, 'id'), 'give each step an id of its own');
  taken.add(id);
  const parallel = child(node, 'parallel');
  if (parallel.value !== undefined) return loadParallel(node, id, yaml, names, taken, loader);
  const use = child(node, 'use');
  if (!isJsonObject(node.value)) return { step: undefined, names };
  if (use.value === undefined) {
    loader.draft.report('REALOPS_VALUE_INVALID', `${id} needs use or parallel`, node, suggestion('', loader.registry.steps.keys(), 'step types'));
    return { step: undefined, names: afterStep(names, id, { kind: 'open' }, []) };
  }
  const type = findStepType(use, loader);
  loader.ids.set(id, type);
  const saved = entries(child(node, 'save')).map(([name]) => name);
  if (type === undefined) return { step: undefined, names: afterStep(names, id, { kind: 'open' }, saved) };
  const step = loadCall(node, id, yaml, type, names, loader);
  const output = shapeOfOutput(type);
  const result: Shape = child(node, 'each').value === undefined ? output : { kind: 'list', items: output };
  return { step, names: afterStep(names, id, result, saved) };
}

function loadCall(node: Node, id: string, yaml: StepYaml | undefined, type: StepType, names: Names, loader: StepLoader): CallStep | undefined {
  if (type.sideEffects === true && loader.environment === 'production') {
    loader.draft.report('REALOPS_ENVIRONMENT_REFUSED', `${type.use} changes something outside and is refused in production`, child(node, 'use'), 'run it against a sandbox or staging system');
  }
  const inner = child(node, 'each').value === undefined ? names : insideEach(names);
  const before = rootShape(inner);
  const after = outputShape(inner, type);
  const withNode = child(node, 'with');
  // Anything but an object has been told with the step itself.
  if (withNode.value === undefined || isJsonObject(withNode.value)) checkWith(type, withNode, node, loader);
  const parts = {
    if: conditionAt(child(node, 'if'), rootShape(names), loader),
    each: child(node, 'each').value === undefined ? undefined : templateAt(child(node, 'each'), rootShape(names), loader),
    with: templateAt(withNode, before, loader),
    expect: expectations(child(node, 'expect')).flatMap((each) => conditionAt(each, after, loader) ?? []),
    until: conditionAt(child(node, 'until'), after, loader),
    save: entries(child(node, 'save')).flatMap(([name, value]) => pair('name', name, expressionAt(value, after, loader))),
    measure: entries(child(node, 'measure')).flatMap(([metric, value]) => (knownMetric(metric, value, loader) ? pair('metric', metric, expressionAt(value, after, loader)) : [])),
  };
  if (child(node, 'until').value !== undefined && child(node, 'repeat').value === undefined) {
    loader.draft.report('REALOPS_VALUE_INVALID', `${id} has until without repeat`, child(node, 'until'), 'say how often at most, e.g. repeat: { times: 20, delay: 250ms }; or use wait.until', 'key');
  }
  if (yaml === undefined || parts.with === undefined) return undefined;
  return {
    kind: 'call', id, type, ...parts, with: parts.with,
    source: sourceOf(node), directory: dirname(node.document.file), onFailure: yaml.onFailure,
    timeoutMs: parseDuration(yaml.timeout), retry: retryOf(yaml), repeat: repeatOf(yaml),
  };
}

function loadParallel(node: Node, id: string, yaml: StepYaml | undefined, names: Names, taken: Set<string>, loader: StepLoader): { readonly step: Step | undefined; readonly names: Names } {
  for (const [key] of entries(node)) {
    if (['id', 'title', 'parallel', 'if', 'onFailure'].includes(key)) continue;
    loader.draft.report('REALOPS_VALUE_INVALID', `"${key}" does not go with parallel`, child(node, key), 'put it into the steps of the list; beside parallel stand id, if and onFailure', 'key');
  }
  const condition = conditionAt(child(node, 'if'), rootShape(names), loader);
  const steps: Step[] = [];
  let after = names;
  items(child(node, 'parallel')).forEach((each, index) => {
    const loaded = loadStep(each, `${id}_${index + 1}`, names, taken, loader);
    if (loaded.step !== undefined) steps.push(loaded.step);
    after = { ...after, steps: { ...after.steps, ...loaded.names.steps }, saved: { ...after.saved, ...loaded.names.saved } };
  });
  const step: Step | undefined = yaml === undefined ? undefined : { kind: 'parallel', id, steps, if: condition, each: undefined, source: sourceOf(node), onFailure: yaml.onFailure };
  return { step, names: after };
}

function knownMetric(name: string, node: Node, loader: StepLoader): boolean {
  if (loader.metrics.has(name)) return true;
  loader.draft.report('REALOPS_METRIC_UNKNOWN', `nothing declares the metric "${name}"`, node, `${suggestion(name, loader.metrics.keys(), 'metrics')}; declare your own under metrics`, 'key');
  return false;
}

function pair<K extends 'name' | 'metric'>(key: K, name: string, value: Expression | undefined): readonly ({ readonly [P in K]: string } & { readonly value: Expression })[] {
  // A computed key widens to an index signature; this is the seam that narrows it again.
  return value === undefined ? [] : [{ [key]: name, value } as { readonly [P in K]: string } & { readonly value: Expression }];
}

function expectations(node: Node): readonly Node[] {
  return typeof node.value === 'string' ? [node] : items(node);
}

function retryOf({ retry }: StepYaml): Retry {
  if (retry === undefined) return { attempts: 1, on: [], delayMs: 0, backoff: 1 };
  return { attempts: retry.attempts, on: retry.on, delayMs: parseDuration(retry.delay), backoff: retry.backoff };
}

function repeatOf({ repeat }: StepYaml): CallStep['repeat'] {
  if (repeat === undefined) return undefined;
  if (typeof repeat === 'number') return { times: repeat, delayMs: 0 };
  return { times: repeat.times, delayMs: repeat.delay === undefined ? 0 : parseDuration(repeat.delay) };
}
