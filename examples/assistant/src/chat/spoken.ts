import { isRecord } from '../http/fields.js';
import type { Decision } from './answer.js';
import { inbox } from './inbox.js';

/** What is said aloud of an answer: of a plan, what it is going to do and what the tool brought. */
export function spokenForm({ route, understanding: { tool } }: Pick<Decision, 'route' | 'understanding'>, text: string): string {
  if (route !== 'planner') return text;
  const plan: unknown = JSON.parse(text);
  const instruction = isRecord(plan) ? String(plan['render_instruction']) : '';
  return tool === 'email.list' ? `${instruction} ${inbox.map(({ from, text: mail }) => `${from} skriver: ${mail}`).join(' ')}` : instruction;
}

/** A text in pieces that can be spoken one after the other. */
export function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?])\s+/u).filter((sentence) => sentence !== '');
}
