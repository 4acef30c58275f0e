import { messageOf } from '../errors/index.js';
import { UNKNOWN_DIAGNOSIS } from '../model/remedy-scope.js';
import type { Diagnosed, DiagnosisRule } from '../model/remedy.js';
import type { JsonObject } from '../text/index.js';
import { decide, evidenceOf, type Decision } from './decide.js';
import { slosRead } from './reads.js';
import type { RemedyScope } from './scope.js';

/** A rule with what its condition came to. Confidence and evidence are there when it holds. */
export interface Examined {
  readonly rule: DiagnosisRule;
  readonly decision: Decision;
  readonly confidence: number;
  readonly evidence: JsonObject;
}

/**
 * The causes of the failing SLOs: rules that hold and explain at least one of them, most confident first, then those that explain more, then as in the
 * file. Failing SLOs that none explains come last as `unknown`, with the rules that could not be decided and why. Nothing when no SLO failed.
 */
export async function diagnose(rules: readonly DiagnosisRule[], scope: RemedyScope): Promise<readonly Diagnosed[]> {
  return scope.failing.length === 0 ? [] : rank(await examine(rules, scope), scope);
}

/** Evaluates every rule, in the order of the file, whether an SLO failed or not. Never rejects. */
export async function examine(rules: readonly DiagnosisRule[], scope: RemedyScope): Promise<readonly Examined[]> {
  const examined: Examined[] = [];
  for (const rule of rules) examined.push(await examineRule(rule, scope));
  return examined;
}

/** What {@link diagnose} gives, from rules that were evaluated already. Pure. */
export function rank(examined: readonly Examined[], scope: Pick<RemedyScope, 'failing' | 'slos'>): readonly Diagnosed[] {
  if (scope.failing.length === 0) return [];
  const found = examined.flatMap(({ rule, decision, confidence, evidence }): Diagnosed[] => {
    const slos = decision.kind === 'holds' ? explained(rule, scope) : [];
    return slos.length === 0 ? [] : [{ diagnosis: rule.id, cause: rule.cause, confidence, slos, evidence, undecided: [] }];
  });
  const ranked = found.sort((a, b) => b.confidence - a.confidence || b.slos.length - a.slos.length);
  const known = new Set(ranked.flatMap(({ slos }) => slos));
  const rest = scope.failing.filter((slo) => !known.has(slo));
  if (rest.length === 0) return ranked;
  const undecided = examined.flatMap(({ rule, decision }) => (decision.kind === 'undecided' ? [{ diagnosis: rule.id, reason: decision.reason }] : []));
  return [...ranked, { diagnosis: UNKNOWN_DIAGNOSIS, cause: 'no diagnosis of the suite explains it', confidence: 0, slos: rest, evidence: {}, undecided }];
}

/**
 * What `diagnosis` is for remedies and alerts: the first cause that was found, or `unknown`; while no SLO fails, the most confident rule that holds all
 * the same, which alerts may want to know of; else null.
 */
export function leadingDiagnosis(diagnosed: readonly Diagnosed[], examined: readonly Examined[]): string | null {
  const [first] = diagnosed;
  if (first !== undefined) return first.diagnosis;
  const holding = examined.filter(({ decision }) => decision.kind === 'holds');
  return holding.sort((a, b) => b.confidence - a.confidence)[0]?.rule.id ?? null;
}

/** The failing SLOs that a rule explains, in the order of the suite. */
function explained({ explains, when }: DiagnosisRule, { failing, slos }: Pick<RemedyScope, 'failing' | 'slos'>): readonly string[] {
  const named = explains === undefined ? slosRead(when.reads, slos) : new Set(explains);
  return explains === undefined && named.size === 0 ? failing : failing.filter((slo) => named.has(slo));
}

async function examineRule(rule: DiagnosisRule, scope: RemedyScope): Promise<Examined> {
  const decision = await decide(rule.when, scope);
  if (decision.kind !== 'holds') return { rule, decision, confidence: 0, evidence: {} };
  const confidence = await confidenceOf(rule, scope);
  if (typeof confidence === 'string') return { rule, decision: { kind: 'undecided', reason: `its confidence has no value: ${confidence}` }, confidence: 0, evidence: {} };
  return { rule, decision, confidence, evidence: await evidenceOf(rule.evidence, scope) };
}

/** A number, at least 0 and at most 1; or why there is none. */
async function confidenceOf({ confidence }: DiagnosisRule, scope: RemedyScope): Promise<number | string> {
  if (typeof confidence === 'number') return bounded(confidence);
  const gap = scope.gap(confidence.reads);
  if (gap !== undefined) return gap;
  try {
    const value = await confidence.evaluate(scope.values);
    return typeof value === 'number' && Number.isFinite(value) ? bounded(value) : `\`${confidence.text}\` gave ${JSON.stringify(value) ?? 'nothing'}, not a number`;
  } catch (error) {
    return messageOf(error);
  }
}

function bounded(confidence: number): number {
  return Math.min(1, Math.max(0, confidence));
}
