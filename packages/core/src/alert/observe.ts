import { decide, valuesRead } from '../diagnose/decide.js';
import type { RemedyScope } from '../diagnose/scope.js';
import type { AlertRule } from '../model/remedy.js';
import type { AlertCondition } from './step.js';

/** Decides the condition of every alert over a scope that holds `diagnosis`. Never rejects. */
export async function observeAlerts(rules: readonly AlertRule[], scope: RemedyScope): Promise<ReadonlyMap<string, AlertCondition>> {
  const conditions = new Map<string, AlertCondition>();
  for (const { id, when } of rules) {
    const decision = await decide(when, scope);
    conditions.set(id, decision.kind === 'undecided' ? decision : { kind: decision.kind, evidence: valuesRead(when, scope) });
  }
  return conditions;
}
