import type { NamedText } from './common-voice.js';
import { createFindings, type Findings } from './findings.js';
import type { CorpusText, Finding, Parsed } from './model.js';
import { parseYamlFile } from './yaml-file.js';

/** Areas and things of the home that the sentences speak of. */
export interface HomeFixtures {
  readonly areas: readonly { readonly name: string; readonly id: string }[];
  readonly entities: readonly { readonly name: string; readonly id: string; readonly area: string | null; readonly state: string | null }[];
}

type Fields = { readonly [name: string]: unknown };

/**
 * The sentences of a test file of Home Assistant's intents: `language`, and `tests` of sentences with an intent, its slots (of a list each is accepted) and a reply.
 * Templates (`sentences/`) are not read.
 */
export function parseIntentTests({ name, text }: NamedText, language: string): Parsed<CorpusText> {
  const findings = createFindings(name);
  const file = parseYamlFile(text, findings);
  const root = fieldsOf(file?.value);
  if (file === undefined || !hasLanguage(root, language, findings)) return { items: [], faults: findings.faults, notes: findings.notes() };
  const scenario = (name.split('/').at(-1) ?? name).replace(/\.ya?ml$/u, '');
  const tests = listOf(root, 'tests', () => file.lineOf(['tests']), findings);
  const items = tests.flatMap((value, index): readonly CorpusText[] => {
    const test = fieldsOf(value);
    const intent = fieldsOf(test['intent']);
    const at = (...path: readonly (string | number)[]): number => file.lineOf(['tests', index, ...path]);
    if (typeof intent['name'] !== 'string') return findings.fault(at('intent'), 'a test has no intent with a name'), [];
    const slots = slotsOf(intent['slots'], (slot) => at('intent', 'slots', slot), findings);
    const around = slotsOf(intent['context'], (slot) => at('intent', 'context', slot), findings);
    if (slots === undefined || around === undefined) return [];
    const context = Object.fromEntries(around.map((each) => [each.name, each.accepted.join(', ')]));
    const response = typeof test['response'] === 'string' ? findings.text(test['response'], at('response')) : null;
    return sentencesOf(test, (number) => at('sentences', number), findings).map(({ utt, line }) => ({ id: `${scenario}:${line}`, utt, intent: String(intent['name']), slots, context, response, flagged: [], scenario, partition: 'test', place: { file: name, line } }));
  });
  return { items, faults: findings.faults, notes: findings.notes() };
}

/** The sentences of `_test_failures.yaml`: those of the tests that Home Assistant's own recogniser is known to get wrong. */
export function parseExpectedFailures({ name, text }: NamedText, language: string): Parsed<string> {
  const findings = createFindings(name);
  const file = parseYamlFile(text, findings);
  const root = fieldsOf(file?.value);
  const items = file === undefined || !hasLanguage(root, language, findings) ? [] : sentencesOf(root, (number) => file.lineOf(['sentences', number]), findings).map(({ utt }) => utt);
  return { items, faults: findings.faults, notes: findings.notes() };
}

/** The home of `_fixtures.yaml`. */
export function parseFixtures({ name, text }: NamedText): { readonly home: HomeFixtures; readonly faults: readonly Finding[]; readonly notes: readonly Finding[] } {
  const findings = createFindings(name);
  const file = parseYamlFile(text, findings);
  const root = fieldsOf(file?.value);
  const parts = (key: string): readonly { readonly fields: Fields; readonly name: string; readonly id: string }[] =>
    listOf(root, key, () => file?.lineOf([key]) ?? 1, findings).flatMap((value, index) => {
      const fields = fieldsOf(value);
      if (typeof fields['name'] === 'string' && typeof fields['id'] === 'string') return [{ fields, name: fields['name'].normalize('NFC'), id: fields['id'] }];
      return findings.fault(file?.lineOf([key, index]) ?? 1, `one of ${key} lacks name or id`), [];
    });
  const areas = file === undefined ? [] : parts('areas').map((each) => ({ name: each.name, id: each.id }));
  const entities = file === undefined ? [] : parts('entities').map(({ fields, name: called, id }) => ({ name: called, id, area: typeof fields['area'] === 'string' ? fields['area'] : null, state: stateOf(fields['state']) }));
  return { home: { areas, entities }, faults: findings.faults, notes: findings.notes() };
}

function hasLanguage(root: Fields, language: string, findings: Findings): boolean {
  if (root['language'] === undefined || root['language'] === language) return true;
  findings.fault(1, `is of the language ${JSON.stringify(root['language'])}, not ${language}`);
  return false;
}

function sentencesOf(owner: Fields, lineOf: (index: number) => number, findings: Findings): readonly { readonly utt: string; readonly line: number }[] {
  return listOf(owner, 'sentences', () => lineOf(0), findings).flatMap((sentence, index) => {
    const line = lineOf(index);
    if (typeof sentence !== 'string') return findings.fault(line, `a sentence is no text but ${JSON.stringify(sentence)}; write it in quotes`), [];
    const utt = findings.text(sentence, line);
    return utt === '' ? (findings.fault(line, 'a sentence is empty'), []) : [{ utt, line }];
  });
}

function slotsOf(value: unknown, lineOf: (slot: string) => number, findings: Findings): CorpusText['slots'] | undefined {
  const slots: { name: string; accepted: readonly string[] }[] = [];
  for (const [name, given] of Object.entries(fieldsOf(value))) {
    const all: readonly unknown[] = Array.isArray(given) ? given : [given];
    const values = all.flatMap((each) => (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean' ? [String(each).normalize('NFC').trim()] : []));
    const accepted = [...new Set(values)];
    if (values.length === 0 || values.length < all.length) return findings.fault(lineOf(name), `the slot ${name} must be a text, a number or a list of them, got ${JSON.stringify(given)}`);
    slots.push({ name, accepted });
  }
  return slots;
}

/** A state, or of `{ in, out }` the one that is no word of the language. */
function stateOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  const out = fieldsOf(value)['out'];
  return typeof out === 'string' ? out : null;
}

function listOf(owner: Fields, key: string, lineOf: () => number, findings: Findings): readonly unknown[] {
  const value = owner[key] ?? [];
  if (Array.isArray(value)) return value;
  findings.fault(lineOf(), `${key} must be a list`);
  return [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
}
