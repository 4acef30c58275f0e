import { UNKNOWN_DIAGNOSIS } from '../model/remedy-scope.js';
import type { DiagnosisRule } from '../model/remedy.js';
import { suggestion } from '../text/index.js';
import { conditionAt, expressionAt } from './compile.js';
import { child, createTaken, items, listed, sourceOf, type Node } from './draft.js';
import { diagnosisSchema } from './envelope-remediation.js';
import type { RemediationLoader } from './remediation.js';

/** Compiles the rules of all files. */
export function loadDiagnoses(loader: RemediationLoader): readonly DiagnosisRule[] {
  const isFree = createTaken('diagnosis id', loader.draft);
  return listed(loader.roots, 'diagnoses').flatMap((node) => loadDiagnosis(node, isFree, loader) ?? []);
}

function loadDiagnosis(node: Node, isFree: ReturnType<typeof createTaken>, loader: RemediationLoader): DiagnosisRule | undefined {
  const { draft, facts } = loader;
  const yaml = draft.check(diagnosisSchema, node);
  const id = child(node, 'id');
  const free = isFree(id.value, id);
  if (id.value === UNKNOWN_DIAGNOSIS) draft.report('REALOPS_VALUE_INVALID', `a diagnosis may not be called "${UNKNOWN_DIAGNOSIS}"`, id, 'that is what failing SLOs have that no rule explains');
  const when = conditionAt(child(node, 'when'), facts, loader);
  const evidence = items(child(node, 'evidence')).map((each) => expressionAt(each, facts, loader));
  const sure = child(node, 'confidence');
  const confidence = typeof sure.value === 'string' ? expressionAt(sure, facts, loader) : yaml?.confidence;
  const explained = child(node, 'explains');
  const slos = typeof explained.value === 'string' ? [explained] : items(explained);
  for (const slo of slos) if (typeof slo.value === 'string') knownSlo(slo.value, slo, loader);
  if (yaml === undefined || !free || when === undefined || confidence === undefined || typeof confidence === 'string') return undefined;
  return {
    id: yaml.id,
    when,
    cause: yaml.cause,
    evidence: evidence.flatMap((each) => each ?? []),
    confidence,
    explains: yaml.explains === undefined ? undefined : slos.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])),
    source: sourceOf(node),
  };
}

/** Whether the suite has the SLO; reported when not. */
export function knownSlo(id: string, node: Node, { draft, sloIds }: Pick<RemediationLoader, 'draft' | 'sloIds'>): boolean {
  if (sloIds.has(id)) return true;
  draft.report('REALOPS_SLO_UNKNOWN', `the suite has no SLO "${id}"`, node, suggestion(id, sloIds, 'SLOs'));
  return false;
}
