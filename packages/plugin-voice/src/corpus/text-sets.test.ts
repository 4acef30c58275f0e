import { describe, expect, it } from 'vitest';
import { parseExpectedFailures, parseFixtures, parseIntentTests } from './ha-intents.js';
import { parseMassive } from './massive.js';
import type { Finding } from './model.js';

const told = (findings: readonly Finding[]): readonly string[] => findings.map(({ place: { file, line }, message }) => `${file}:${line} ${message}`);

const judged = (...scores: readonly (readonly [number, number])[]): readonly object[] => scores.map(([intent_score, slots_score]) => ({ worker_id: '7', intent_score, slots_score, grammar_score: 4, spelling_score: 2, language_identification: 'target' }));
const row = (more: object): string => JSON.stringify({
  id: '0', locale: 'sv-SE', partition: 'test', scenario: 'alarm', intent: 'alarm_set', utt: 'väck mig klockan fem på fredag', annot_utt: 'väck mig klockan [time : fem] på [date : fredag]', worker_id: '31', slot_method: [{ slot: 'time', method: 'translation' }],
  judgments: judged([1, 1], [1, 2], [0, 1]), ...more,
});
const massive = (rows: readonly string[], options: { readonly partition?: string; readonly quality?: boolean; readonly locale?: string } = {}): ReturnType<typeof parseMassive> => parseMassive({ name: 'sv-SE.jsonl', text: `${rows.join('\n')}\n` }, { locale: 'sv-SE', ...options });

describe('MASSIVE', () => {
  it('gives text, intent and slots, and drops the workers', () => {
    const { items, faults } = massive([row({})]);
    expect(faults).toEqual([]);
    expect(items).toEqual([{
      id: '0', utt: 'väck mig klockan fem på fredag', intent: 'alarm_set', slots: [{ name: 'time', accepted: ['fem'] }, { name: 'date', accepted: ['fredag'] }],
      context: {}, response: null, flagged: [], scenario: 'alarm', partition: 'test', place: { file: 'sv-SE.jsonl', line: 1 },
    }]);
    expect(JSON.stringify(items)).not.toMatch(/worker|31/u);
  });

  it('checks that the annotation is of the text', () => {
    expect(told(massive([row({}), row({ id: '1', utt: 'väck mig klockan sex på fredag' })]).faults)).toEqual(['sv-SE.jsonl:2 annot_utt without its brackets is "väck mig klockan fem på fredag", utt is "väck mig klockan sex på fredag"']);
    expect(massive([row({ utt: 'spela en låt och en till', annot_utt: 'spela [song : en låt] och [song : en till]' })]).items[0]?.slots).toEqual([{ name: 'song', accepted: ['en låt'] }, { name: 'song', accepted: ['en till'] }]);
  });

  it('filters by partition and by what most judges said', () => {
    const rows = [row({}), row({ id: '1', partition: 'dev' }), row({ id: '2', judgments: judged([1, 0], [1, 0], [1, 1]) }), row({ id: '3', judgments: judged([0, 1], [2, 1], [1, 1]) })];
    expect(massive(rows, { partition: 'test' }).items.map(({ id }) => id)).toEqual(['0', '2', '3']);
    const { items, notes } = massive(rows, { quality: true });
    expect([items.map(({ id }) => id), told(notes)]).toEqual([['0', '1'], ['sv-SE.jsonl:1 2 rows were left out since most judges found intent or slots wrong']]);
  });

  it('reads en-US, which has no judgments, and the held-out set, which has no intents', () => {
    const english = JSON.stringify({ id: '0', locale: 'en-US', partition: 'test', scenario: 'alarm', intent: 'alarm_set', utt: 'wake me up at five am', annot_utt: 'wake me up at [time : five am]', worker_id: '1' });
    const { items, notes } = massive([english], { locale: 'en-US', quality: true });
    expect([items[0]?.intent, told(notes)]).toEqual(['alarm_set', ['sv-SE.jsonl:1 1 rows have no judgments; they stay']]);
    const heldOut = JSON.stringify({ id: '9', locale: 'sv-SE', partition: 'heldout', utt: 'vad blir det för väder', worker_id: '1' });
    expect(massive([heldOut]).items).toMatchObject([{ id: '9', intent: null, slots: [], scenario: '' }]);
  });

  it('reads CRLF, a byte order mark and NFD', () => {
    const text = row({}).normalize('NFD');
    const { items, faults, notes } = parseMassive({ name: 'sv-SE.jsonl', text: `\ufeff${text}\r\n` }, { locale: 'sv-SE' });
    expect([items[0]?.utt, faults]).toEqual(['väck mig klockan fem på fredag', []]);
    expect(told(notes)).toHaveLength(3);
  });

  it('names the line of every row that cannot be used', () => {
    expect(told(massive(['{', '[]', row({ locale: 'da-DK' }), row({}), row({}), row({ id: '5', utt: '' }), row({ id: 6 }), row({ id: '7', annot_utt: 7 })]).faults)).toEqual([
      'sv-SE.jsonl:1 is no JSON object', 'sv-SE.jsonl:2 is no JSON object', 'sv-SE.jsonl:3 is of the locale "da-DK", not sv-SE', 'sv-SE.jsonl:5 has the id 0 again; line 4 has it already', 'sv-SE.jsonl:6 has an empty utt', 'sv-SE.jsonl:7 lacks id or utt', 'sv-SE.jsonl:8 has an annot_utt that is no text',
    ]);
  });
});

const TESTS = `language: sv
tests:
  - sentences:
      - tänd lampan i köket
      - "släck 2"
    intent:
      name: HassTurnOn
      slots:
        area: Kök
        brightness: 50
        name: [Taklampa, 'Taklampa ', Kökslampa]
      context: { area: Hall }
    response: Tände lampan
  - sentences: [på, 12]
    intent: { name: HassNevermind }
`;

describe("Home Assistant's intents", () => {
  it('gives each sentence with its intent, and lists of slots as what is accepted', () => {
    const { items, faults } = parseIntentTests({ name: 'tests/sv/light_HassTurnOn.yaml', text: TESTS }, 'sv');
    expect(items.map(({ id, utt, intent, response }) => [id, utt, intent, response])).toEqual([['light_HassTurnOn:4', 'tänd lampan i köket', 'HassTurnOn', 'Tände lampan'], ['light_HassTurnOn:5', 'släck 2', 'HassTurnOn', 'Tände lampan'], ['light_HassTurnOn:14', 'på', 'HassNevermind', null]]);
    expect(items.map(({ context }) => context)).toEqual([{ area: 'Hall' }, { area: 'Hall' }, {}]);
    expect(items[0]?.slots).toEqual([{ name: 'area', accepted: ['Kök'] }, { name: 'brightness', accepted: ['50'] }, { name: 'name', accepted: ['Taklampa', 'Kökslampa'] }]);
    expect(told(faults)).toEqual(['tests/sv/light_HassTurnOn.yaml:14 a sentence is no text but 12; write it in quotes']);
  });

  it('knows the sentences that are known to fail, and the home', () => {
    expect(parseExpectedFailures({ name: '_test_failures.yaml', text: 'language: sv\nsentences:\n  - tänd kylskåpets själ\n' }, 'sv').items).toEqual(['tänd kylskåpets själ']);
    const { home, faults } = parseFixtures({ name: '_fixtures.yaml', text: 'areas:\n  - { name: Kök, id: kitchen }\n  - { name: Hall }\nentities:\n  - { name: Taklampa, id: light.ceiling, area: kitchen, state: { in: on, out: på } }\n  - { name: Dörr, id: lock.door, state: locked }\n' });
    expect(home).toEqual({ areas: [{ name: 'Kök', id: 'kitchen' }], entities: [{ name: 'Taklampa', id: 'light.ceiling', area: 'kitchen', state: 'på' }, { name: 'Dörr', id: 'lock.door', area: null, state: 'locked' }] });
    expect(told(faults)).toEqual(['_fixtures.yaml:3 one of areas lacks name or id']);
  });

  it.each([
    ['language: da\ntests: []\n', 't.yaml:1 is of the language "da", not sv'],
    ['tests:\n  - sentences: [hej]\n    intent: {}\n', 't.yaml:3 a test has no intent with a name'],
    ['tests: hej\n', 't.yaml:1 tests must be a list'],
    ['tests:\n  - a: [\n', /^t\.yaml:\d is no YAML that can be read: /u],
    ['a: &x 1\ntests: [*x]\n', 't.yaml:2 holds an alias; values are written out here'],
    ['tests:\n  - sentences: [hej]\n    intent: { name: A, slots: { area: { a: 1 } } }\n', 't.yaml:3 the slot area must be a text, a number or a list of them, got {"a":1}'],
    ['tests:\n  - sentences: ["", hej]\n    intent: { name: A }\n', 't.yaml:2 a sentence is empty'],
  ])('names the line in %j', (text, message) => {
    expect(told(parseIntentTests({ name: 't.yaml', text }, 'sv').faults)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)]);
  });
});
