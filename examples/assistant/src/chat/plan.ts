import { isRecord } from '../http/fields.js';
import type { Understanding } from './nlu.js';
import type { Hit } from './retrieval.js';

const broken: readonly ((plan: string) => string)[] = [
  (plan) => `Här är planen: ${plan}`,
  (plan) => plan.replace('"tool"', '"tools"'),
  (plan) => plan.replace(/"args":(\{[^}]*\})/, (_, args: string) => `"args":${JSON.stringify(args)}`),
];

function instruction({ intent, slots: { person, day, time } }: Understanding): string {
  const when = [day, time && `klockan ${time}`].filter(Boolean).join(' ');
  const join = (...parts: (string | undefined | false)[]): string => `${parts.filter(Boolean).join(' ')}.`;
  switch (intent) {
    case 'calendar.create':
      return join('Bokar möte', person && `med ${person}`, when);
    case 'email.send':
      return join('Skickar mejl', person && `till ${person}`, when);
    case 'email.read':
      return join('Läser upp de senaste mejlen', day && `från ${day}`);
    default:
      return 'Jag svarar kort med det jag vet.';
  }
}

/** The planner's answer as it should be: one JSON object that names a tool and its arguments. */
export function writePlan(understanding: Understanding, hits: readonly Hit[]): string {
  const { intent, tool, slots, confidence } = understanding;
  const sources = hits.filter(({ score }) => score > 0).map(({ doc_id }) => doc_id);
  return JSON.stringify({ intent, tool, args: slots, render_instruction: instruction(understanding), meta: { version: '1', confidence, sources } });
}

/** The same answer as a model without a schema sometimes writes it. `draw` in [0, 1) chooses the mistake. */
export function spoilPlan(plan: string, draw: number): string {
  return (broken[Math.floor(draw * broken.length)] ?? ((same: string) => same))(plan);
}

/** Whether a text is a plan that tools can be called from. */
export function isPlan(text: string): boolean {
  try {
    const plan: unknown = JSON.parse(text);
    return isRecord(plan) && typeof plan['intent'] === 'string' && typeof plan['tool'] === 'string' && isRecord(plan['args']) && typeof plan['render_instruction'] === 'string' && isRecord(plan['meta']);
  } catch {
    return false;
  }
}
