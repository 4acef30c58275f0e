import type { AlertCleared, DiagnosedEvent, RemedyChange, SloShift } from './remedy-event.js';
import type { EventBase } from './event.js';
import { anyJson, enumOf, integer, jsonObject, listOf, nullable, number, object, text, type SchemaNode } from './schema-nodes.js';

type Fields<T> = { readonly [K in keyof T]: SchemaNode };
type Payload<T> = Fields<Omit<T, keyof EventBase | 'event'>>;

/** {@link RemedyChange} */
export const changeFields = {
  id: text('Its number in the ledger'), loop: integer(), issue: text('The id of the diagnosis'), cause: text(), remedy: text(), title: text(), action: text('e.g. knob.change'), param: text('What is changed'),
  unit: nullable(text()), before: anyJson('The value before'), after: anyJson('The value that the change puts in force'), rollback: text('How a person would undo it'), slos: listOf(text()), scenarios: listOf(text('Run again to validate')),
} satisfies Fields<RemedyChange>;

/** {@link RemedyChange} */
export const changeNode: SchemaNode = object(changeFields);

const state = object({ verdict: enumOf('pass', 'fail', 'inconclusive', 'no-data', 'error'), value: nullable(number()) });

/** {@link SloShift} */
export const shiftNode: SchemaNode = object({ slo: text(), title: text(), target: text(), unit: text(), before: state, after: state } satisfies Fields<SloShift>);

/** The fields of `diagnosed`. */
export const diagnosedFields = {
  diagnosis: text('The id of the rule, or unknown'), cause: text(), confidence: number('From 0 to 1'), slos: listOf(text()), evidence: jsonObject(), undecided: listOf(object({ diagnosis: text(), reason: text() })),
} satisfies Payload<DiagnosedEvent>;

/** The fields that both alert events have. */
export const alertFields = { alert: text(), title: text(), severity: enumOf('critical', 'major', 'minor'), since: text('Since when its condition holds, or is gone'), message: text() } satisfies Payload<AlertCleared>;
