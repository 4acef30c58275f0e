import { messageOf } from '../errors/index.js';
import type { ActionType } from '../model/action-type.js';
import { compileSchema } from '../schema/index.js';
import { sameValue, type Json, type JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { ABORT_AFTER_MS, count, leftOpen, QUIET_MS, within } from './quiet.js';
import { callable, openAction, type ActionOptions, type ActionUse } from './run-action.js';

/** What an action is tried with: a system in a test that it really changes. */
export interface ActionFixture {
  /** Parameters with which a change is possible in the state the system is in. */
  readonly parameters: JsonObject;
  /** Targets, knobs, files and the rest. */
  readonly options?: ActionOptions;
  /** The state of the system, seen past the action: what must not change when it only reads and plans, and must be back when it has undone. */
  observe(): Promise<Json>;
  /** Values that are put in force and undone one after the other; the planned one by default. */
  readonly values?: readonly Json[];
  /** Parameters and options with which it waits for long, e.g. on a server that never answers: the abort is tried with them. `value` is what is then written. Left out for an action that never waits. */
  readonly stuck?: { readonly parameters: JsonObject; readonly options?: ActionOptions; readonly value: Json };
  /** Texts that may not be in what people are shown. */
  readonly secrets?: readonly string[];
  /** What the process holds open now, one entry each: `() => process.getActiveResourcesInfo()`. */
  readonly openHandles: () => readonly string[];
}

/** A rule of the contract that an action does not keep. */
export interface BrokenActionRule {
  readonly rule: 'declaration' | 'unknown-parameter' | 'works' | 'read-only' | 'plan' | 'rollback' | 'takes-effect' | 'undo' | 'parameters-untouched' | 'abort' | 'handles';
  /** One sentence: what was seen. */
  readonly message: string;
}

type Report = (rule: BrokenActionRule['rule'], message: string) => void;

/**
 * Runs an action against the contract that all actions keep and gives the rules it breaks; none is the good answer. Rules: it is declared in full and refuses unknown
 * parameters; reading and planning change nothing, and planning twice plans the same; a plan says in one line, without secrets, how a person would undo it; what was
 * written is read back; apply then undo leaves the system as it was, for every value; parameters stay as they were; each call ends within 1 s of an abort; nothing stays open.
 */
export async function checkActionType(type: ActionType, fixture: ActionFixture): Promise<readonly BrokenActionRule[]> {
  const broken: BrokenActionRule[] = [];
  const report: Report = (rule, message) => void (broken.some((each) => each.message === message) || broken.push({ rule, message }));
  checkDeclaration(type, fixture, report);
  try {
    await checkRegister(watched(type, report), fixture, report);
  } catch (error) {
    report('works', `${type.use} fails with the given parameters: ${messageOf(error)}`);
  }
  await checkAbort(type, fixture, report);
  return broken;
}

function checkDeclaration(type: ActionType, { parameters }: ActionFixture, report: Report): void {
  if (!/^[a-z][A-Za-z0-9]*(?:\.[a-z][A-Za-z0-9]*)+$/.test(type.use)) report('declaration', `"${type.use}" is not of the form area.verb`);
  if (type.description.trim() === '') report('declaration', `${type.use} has no description`);
  if (compileSchema(type.with).check({ ...parameters, not_a_parameter: true }).issues.length === 0) report('unknown-parameter', `${type.use} accepts the parameter "not_a_parameter"; close its schema`);
  const [first, second] = [openAction(type, parameters).param, openAction(type, parameters).param];
  if (first.trim() === '' || first !== second) report('declaration', `${type.use} does not give one name for what it changes: ${JSON.stringify(first)}, then ${JSON.stringify(second)}`);
}

async function checkRegister(type: ActionType, fixture: ActionFixture, report: Report): Promise<void> {
  const use = openAction(type, fixture.parameters, fixture.options);
  const atFirst = await fixture.observe();
  const before = await use.read();
  // What stays open between calls, such as a pool of connections, is opened by the first of them.
  if (type.stateless === true) await use.write(before);
  const handles = count(fixture.openHandles());
  if (!sameValue(before, await use.read())) report('read-only', `${type.use} reads another value the second time, though nobody changed it`);
  if (!sameValue(atFirst, await fixture.observe())) report('read-only', `${type.use} changes the system when it reads`);
  const kept = JSON.stringify(before);
  const [plan, again] = [await use.plan(before), await use.plan(before)];
  if (!sameValue(atFirst, await fixture.observe())) report('plan', `${type.use} changes the system when it plans`);
  if (JSON.stringify(plan) !== JSON.stringify(again)) report('plan', `${type.use} plans two different things for the same value`);
  if (JSON.stringify(before) !== kept) report('plan', `${type.use} changes the value that it was given to plan from`);
  if (!plan.possible) return report('works', `${type.use} cannot make a change with the given parameters: ${plan.reason}`);
  const { rollback, after, expiresMs } = plan;
  if (rollback.trim() === '' || /[\r\n]/.test(rollback)) report('rollback', `${type.use} does not say in one line how a person undoes it: ${JSON.stringify(rollback)}`);
  for (const secret of fixture.secrets ?? []) if (rollback.includes(secret)) report('rollback', `${type.use} shows a secret in its rollback`);
  if (expiresMs !== undefined && !(expiresMs > 0)) report('plan', `${type.use} plans a change that ends after ${expiresMs} ms`);
  if (type.stateless === true) await use.write(after);
  else for (const value of fixture.values ?? [after]) await checkValue(type, use, fixture, { atFirst, before, value }, report);
  for (const { message } of await leftOpen(handles, fixture.openHandles, type.use)) report('handles', message);
}

async function checkValue(type: ActionType, use: ActionUse, { observe }: ActionFixture, { atFirst, before, value }: { readonly atFirst: Json; readonly before: Json; readonly value: Json }, report: Report): Promise<void> {
  await use.write(value);
  const read = await use.read();
  if (!sameValue(read, value)) report('takes-effect', `${type.use} wrote ${JSON.stringify(value)} and reads ${JSON.stringify(read)}`);
  if (!sameValue(value, before) && sameValue(atFirst, await observe())) report('takes-effect', `${type.use} wrote ${JSON.stringify(value)}, but the system is as before`);
  await use.write(before);
  const undone = await use.read();
  if (!sameValue(undone, before)) report('undo', `${type.use} wrote ${JSON.stringify(before)} back and reads ${JSON.stringify(undone)}`);
  const atLast = await observe();
  if (!sameValue(atFirst, atLast)) report('undo', `${type.use} does not leave the system as it was: ${JSON.stringify(atFirst)} became ${JSON.stringify(atLast)}`);
}

/** The same action with its parameters looked at after each call. */
function watched(type: ActionType, report: Report): ActionType {
  const action = callable(type);
  const look = async <T>(parameters: Json, call: () => Promise<T>): Promise<T> => {
    const given = JSON.stringify(parameters);
    try {
      return await call();
    } finally {
      if (JSON.stringify(parameters) !== given) report('parameters-untouched', `${type.use} changes its parameters, which the undo reads again`);
    }
  };
  return {
    ...type,
    read: (parameters: Json, context) => look(parameters, () => action.read(parameters, context)),
    plan: (parameters: Json, before, context) => look(parameters, () => action.plan(parameters, before, context)),
    write: (parameters: Json, value, context) => look(parameters, () => action.write(parameters, value, context)),
  };
}

/** Aborts each call in the middle of its wait. One that ends by itself before is not at fault, as long as one of them waits. */
async function checkAbort(type: ActionType, { stuck, options, openHandles }: ActionFixture, report: Report): Promise<void> {
  if (stuck === undefined) return;
  const handles = count(openHandles());
  let waited = 0;
  for (const what of ['read', 'write'] as const) {
    const stop = new AbortController();
    const use = openAction(type, stuck.parameters, { ...options, ...stuck.options, signal: stop.signal });
    let running = true;
    const call = what === 'read' ? use.read() : use.write(stuck.value);
    void call.then(() => undefined, () => undefined).finally(() => (running = false));
    await systemClock.sleep(ABORT_AFTER_MS, new AbortController().signal);
    waited += running ? 1 : 0;
    stop.abort(new Error('the contract calls it off'));
    if (!(await within(QUIET_MS, () => running))) report('abort', `${type.use} was still at its ${what} ${QUIET_MS} ms after its signal aborted`);
  }
  if (waited === 0) report('abort', `${type.use} ended before it could be aborted; give stuck parameters that make it wait`);
  for (const { message } of await leftOpen(handles, openHandles, `an aborted ${type.use}`)) report('handles', message);
}
