import type { Shape } from '../expression/index.js';
import type { StepType } from '../model/step-type.js';
import { shapeOf } from '../schema/index.js';
import { keysShape, orElse, shapeOfValue, type Surroundings } from './environment.js';

const OPEN: Shape = { kind: 'open' };

/** What expressions can read at a place in a scenario; grows from step to step. */
export interface Names {
  /** The roots at this place. */
  readonly roots: { readonly [name: string]: Shape };
  /** Outputs of the steps so far, by id. */
  readonly steps: { readonly [id: string]: Shape };
  readonly saved: { readonly [name: string]: Shape };
}

/** The roots that do not depend on the run. */
type FixedRoots = { readonly [name in 'env' | 'vars' | 'targets' | 'secrets']: Shape };

/** The same for every scenario of a suite. */
const fixed = new WeakMap<Surroundings, FixedRoots>();

/** What does not depend on the run. */
export function fixedRoots(surroundings: Surroundings): FixedRoots {
  const known = fixed.get(surroundings);
  if (known !== undefined) return known;
  const made: FixedRoots = {
    env: OPEN,
    vars: orElse(shapeOfValue(surroundings.vars), 'the suite has no vars'),
    targets: orElse(keysShape([...Object.keys(surroundings.targets), ...surroundings.missingTargets.keys()]), 'the suite has no targets'),
    secrets: orElse(keysShape([...surroundings.secrets.keys(), ...surroundings.missingSecrets]), 'the suite lists no secrets; name the variable under secrets'),
  };
  fixed.set(surroundings, made);
  return made;
}

const RUN: Shape = keysShape(['id', 'seed', 'started']);

/** The names that are known before the first step of a scenario. */
export function firstNames(surroundings: Surroundings, row: Shape, before: Names | undefined): Names {
  return {
    roots: { ...fixedRoots(surroundings), run: RUN, row },
    steps: before?.steps ?? {},
    saved: before?.saved ?? {},
  };
}

/** The names after a step has run. */
export function afterStep(names: Names, id: string, output: Shape, saved: readonly string[]): Names {
  const steps = { ...names.steps, [id]: output };
  if (saved.length === 0) return { roots: names.roots, steps, saved: names.saved };
  return { roots: names.roots, steps, saved: { ...names.saved, ...Object.fromEntries(saved.map((name) => [name, OPEN])) } };
}

/** The names inside a step that goes over a list. */
export function insideEach(names: Names): Names {
  return { ...names, roots: { ...names.roots, item: OPEN, index: OPEN } };
}

/** Whether a key may be the name of something that other parts of a suite name. */
export function isName(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(text);
}

/** Names are made anew by every step that adds to them, so what is made from them can be kept. */
const roots = new WeakMap<Names, Shape>();
const outputs = new WeakMap<StepType, Shape>();

/** The shape of the output of a step type. */
export function shapeOfOutput(type: StepType): Shape {
  const known = outputs.get(type);
  if (known !== undefined) return known;
  const shape = shapeOf(type.output);
  outputs.set(type, shape);
  return shape;
}

/** The shape that `with`, `if` and `each` see. */
export function rootShape(names: Names): Shape {
  const known = roots.get(names);
  if (known !== undefined) return known;
  const shape: Shape = { kind: 'keys', keys: { ...names.roots, steps: { kind: 'keys', keys: names.steps, none: 'no step stands before this one' }, saved: { kind: 'keys', keys: names.saved, none: 'no step before this one saves a value' } } };
  roots.set(names, shape);
  return shape;
}

/** The shape that `expect`, `save`, `measure` and `until` see: the output at the root, over the roots. */
export function outputShape(names: Names, type: StepType): Shape {
  const output = shapeOfOutput(type);
  const root = rootShape(names);
  if (output.kind !== 'keys' || root.kind !== 'keys') return output;
  // Named in this order in hints: the output is what is most often meant. The registry refuses outputs with the name of a root.
  return { kind: 'keys', keys: { ...output.keys, ...root.keys } };
}
