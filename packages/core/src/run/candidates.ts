import { asRealopsError, RealopsError } from '../errors/index.js';
import type { RemedyChange } from '../events/remedy-event.js';
import type { Expression, Scope } from '../expression/types.js';
import type { Diagnosed, Remedy } from '../model/remedy.js';
import type { Suite } from '../model/suite.js';
import type { Redactor } from '../privacy/index.js';
import { concealSecrets } from '../remedy/conceal.js';
import type { Candidate } from '../remedy/decide.js';
import { digestOf } from '../remedy/digest.js';
import type { ChangeFacts } from '../remedy/records.js';
import { sameValue } from '../remedy/same.js';
import { compileSchema } from '../schema/index.js';
import { isJsonObject, type Json } from '../text/index.js';
import { rootsOf, withAction, type ActionIo } from './action-context.js';

/** What candidates are made from. */
export interface CandidateParts extends ActionIo {
  readonly redactor: Redactor;
  readonly loop: number;
  /** Decides the `when` of a remedy with the diagnosis in its scope; undecided is told as a reason. */
  readonly decides: (when: Expression, diagnosis: string) => Promise<{ readonly kind: 'holds' | 'fails' } | { readonly kind: 'undecided'; readonly reason: string }>;
  readonly scope: Scope;
  readonly scenarios: (slos: readonly string[]) => readonly string[];
}

/** The changes that the remedies of a suite would make for one diagnosis, in the order of the suite, and why others would make none. Reads the system; changes nothing. */
export async function candidatesFor(diagnosed: Diagnosed, parts: CandidateParts): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly string[] }> {
  const candidates: Candidate[] = [];
  const refused: string[] = [];
  for (const remedy of parts.suite.remedies) {
    const decision = await parts.decides(remedy.when, diagnosed.diagnosis);
    if (decision.kind === 'undecided') refused.push(`${remedy.id}: ${decision.reason}`);
    if (decision.kind !== 'holds') continue;
    try {
      const made = await formChange(remedy, diagnosed, parts);
      if (typeof made === 'string') refused.push(`${remedy.id}: ${made}`);
      else candidates.push({ change: made, cooldownMs: remedy.cooldownMs, dailyLimit: remedy.dailyLimit, needsApproval: remedy.approval || remedy.action.structural === true });
    } catch (thrown) {
      refused.push(`${remedy.id}: ${asRealopsError(thrown, 'REALOPS_STEP_FAILED').message}`);
    }
  }
  return { candidates, refused };
}

/** The change that a remedy would make now, complete with its way back, or why there is none. */
async function formChange(remedy: Remedy, diagnosed: Diagnosed, parts: CandidateParts): Promise<ChangeFacts | string> {
  const { suite, redactor } = parts;
  const rendered = await remedy.with.render({ ...parts.scope, ...rootsOf(suite), diagnosis: diagnosed.diagnosis });
  const { value, issues } = compileSchema(remedy.action.with).check(rendered);
  if (issues[0] !== undefined) return issues[0].message;
  const concealed = concealSecrets(value, suite.secrets);
  if (!isJsonObject(concealed)) return 'its parameters are no object';
  const call = { use: remedy.action.use, with: concealed, directory: remedy.directory, param: remedy.id };
  const formed = await withAction(parts, call, 'plan', async (action, parameters, context) => {
    const before = await action.read(parameters, context);
    return { before, param: action.param(parameters), plan: await action.plan(parameters, before, context) };
  });
  const { before, param, plan } = formed;
  if (!plan.possible) return plan.reason;
  const stateless = remedy.action.stateless === true;
  if (!stateless && sameValue(before, plan.after)) return `${param} is ${JSON.stringify(plan.after)} already`;
  const facts = { remedy: remedy.id, use: remedy.action.use, with: concealed, param, before: concealSecrets(before, suite.secrets), after: concealSecrets(plan.after, suite.secrets) };
  if (hasSecret([facts.with, facts.before, facts.after], redactor)) return 'its parameters hold a secret in a form that cannot be written down, so its way back cannot be';
  if (plan.rollback.trim() === '') throw new RealopsError('REALOPS_PLUGIN_INVALID', `${remedy.action.use} does not say how its change is undone`);
  return {
    ...facts, id: String(parts.loop), loop: parts.loop, issue: diagnosed.diagnosis, directory: remedy.directory, rollback: redactor.text(plan.rollback), digest: digestOf(facts), stateless,
    expires_ms: plan.expiresMs ?? null, cause: redactor.text(diagnosed.cause), evidence: redactor.json(diagnosed.evidence), slos: diagnosed.slos, scenarios: parts.scenarios(diagnosed.slos),
  };
}

/** Whether something would still be redacted once the secrets that stand as they are have been put away. */
function hasSecret(values: readonly Json[], redactor: Redactor): boolean {
  return values.some((value) => {
    const text = JSON.stringify(value).replaceAll(/\$\{\{ secrets\.(\w+) \}\}/g, '[secret:$1]');
    return !redactor.clean(text);
  });
}

/** A change as events and reports hold it. */
export function asRemedyChange(suite: Suite, change: ChangeFacts): RemedyChange {
  const { id, loop, issue, cause, remedy, use, param, before, after, rollback, slos, scenarios } = change;
  const bounds = suite.knobs.get(param)?.bounds;
  const title = suite.remedies.find((each) => each.id === remedy)?.title ?? remedy;
  return { id, loop, issue, cause, remedy, title, action: use, param, unit: bounds?.kind === 'number' ? (bounds.unit ?? null) : null, before, after, rollback, slos, scenarios };
}
