import { preview, suggest } from '../text/index.js';
import { branchesFor, isNode, type ValidatorError } from './branch.js';
import { nameOfType, sentenceFor } from './sentence.js';

/** One way in which a value does not fit its schema. */
export interface SchemaIssue {
  readonly path: readonly (string | number)[];
  /** Whether the key at the path is wrong, or its value. */
  readonly part: 'key' | 'value';
  /** The end of a sentence that begins with the path: `must be a number, got "high"`. */
  readonly message: string;
  readonly hint?: string;
}

/** An issue with the error behind it. */
interface Told extends SchemaIssue {
  readonly error: ValidatorError;
}

/**
 * The errors of the validator as sentences: one for each mistake, with a way out. Of alternatives only the branch that was meant is explained.
 * With `exempt` whatever may still become right when a `${{ }}` is rendered is not an error.
 */
export function explainErrors(errors: readonly ValidatorError[], exempt: boolean): readonly SchemaIssue[] {
  return withoutEchoes(tell(errors, exempt)).map(({ error: _, ...issue }) => issue);
}

function tell(errors: readonly ValidatorError[], exempt: boolean): readonly Told[] {
  const alternatives = errors.filter(isAlternative);
  const inner = new Set(alternatives.flatMap((alternative) => errors.filter((error) => isInside(error, alternative))));
  return errors.flatMap((error) => {
    if (inner.has(error)) return [];
    if (isAlternative(error)) return tellAlternative(error, errors, exempt);
    // An `if` only says that its branch failed; the branch has told why.
    if (error.keyword === 'if' && errors.length > 1) return [];
    return exempt && isTemplate(error.data) ? [] : [tellOne(error)];
  });
}

function isAlternative({ keyword }: ValidatorError): boolean {
  return keyword === 'oneOf' || keyword === 'anyOf';
}

/** Whether an error comes from a branch of an alternative, for the same value. */
function isInside(error: ValidatorError, alternative: ValidatorError): boolean {
  const { instancePath, schemaPath } = alternative;
  return error !== alternative && error.schemaPath.startsWith(`${schemaPath}/`) && (error.instancePath === instancePath || error.instancePath.startsWith(`${instancePath}/`));
}

function tellAlternative(alternative: ValidatorError, errors: readonly ValidatorError[], exempt: boolean): readonly Told[] {
  const value: unknown = alternative.data;
  if (exempt && isTemplate(value)) return [];
  const branches: readonly unknown[] = Array.isArray(alternative.schema) ? alternative.schema : [];
  const issue = (message: string): readonly Told[] => [{ error: alternative, path: pathOf(alternative.instancePath), part: 'value', message, ...hinted(descriptionOf(alternative)) }];
  if (Array.isArray(alternative.params['passingSchemas'])) return exempt && holdsTemplate(value) ? [] : issue(`fits several of the allowed forms at once: ${preview(value, 60)}`);
  const inside = errors.filter((error) => isInside(error, alternative));
  const told = branches.map((_, index) => tell(inside.filter(({ schemaPath }) => schemaPath.startsWith(`${alternative.schemaPath}/${index}/`)), exempt));
  // Only a template can leave a branch without an error when none fits.
  if (told.some((issues) => issues.length === 0)) return [];
  const meant = branchesFor(branches, value).flatMap((index) => told[index] ?? []);
  const candidates = branchesFor(branches, value).map((index) => told[index] ?? []).sort((a, b) => a.length - b.length);
  const [best, next] = candidates;
  if (best === undefined) return issue(`must be ${[...new Set(branches.map(describeForm))].join(' or ')}, got ${preview(value, 60)}`);
  const missing = meant.flatMap(({ error }) => (error.keyword === 'required' && error.instancePath === alternative.instancePath ? [String(error.params['missingProperty'])] : []));
  if (next !== undefined && missing.length === meant.length) return issue(`needs one of these keys: ${[...new Set(missing)].join(', ')}`);
  return best;
}

function describeForm(branch: unknown): string {
  if (!isNode(branch)) return 'another value';
  if (Array.isArray(branch['enum'])) return branch['enum'].map((each) => preview(each)).join(' or ');
  return nameOfType(branch['type']);
}

function tellOne(error: ValidatorError): Told {
  const path = pathOf(error.instancePath);
  const { key, message, hint } = sentenceFor(error);
  return key === undefined ? { error, path, part: 'value', message, ...hinted(hint) } : { error, path: [...path, key], part: 'key', message, ...hinted(hint) };
}

/** A misspelt key is one mistake: the key that is missing because of it is not told again. */
function withoutEchoes(issues: readonly Told[]): readonly Told[] {
  const unknown = issues.filter(({ part }) => part === 'key');
  return issues.filter(({ error }) => {
    if (error.keyword !== 'required') return true;
    const missing = String(error.params['missingProperty']);
    return !unknown.some((each) => each.error.instancePath === error.instancePath && suggest(String(each.path.at(-1)), [missing]) !== undefined);
  });
}

function hinted(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}

function descriptionOf({ parentSchema }: ValidatorError): string | undefined {
  return isNode(parentSchema) && typeof parentSchema['description'] === 'string' ? parentSchema['description'] : undefined;
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('${{');
}

function holdsTemplate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isTemplate(value);
  return Object.values(value).some(holdsTemplate);
}

function pathOf(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}
