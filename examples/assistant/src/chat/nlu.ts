import { intents, type Intent, type Route } from './intents.js';
import { findSlots, type Slots } from './slots.js';

/** What an utterance was taken to mean. */
export interface Understanding {
  readonly intent: string;
  /** 0..1: nearness to the best example, lowered by how near another intent is. */
  readonly confidence: number;
  readonly routeHint: Route;
  readonly tool: string;
  readonly slots: Slots;
}

type Vector = ReadonlyMap<string, number>;

const unknownUnder = 0.3;
const longQuestion = 25;

/** Words, and their inner letter triples so that inflections meet: "mötet" is near "möte". */
function termsOf(text: string): string[] {
  const words = text.toLocaleLowerCase('sv').normalize('NFC').match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    const framed = `^${word}$`;
    return [word, ...Array.from({ length: Math.max(0, framed.length - 2) }, (_, i) => `~${framed.slice(i, i + 3)}`)];
  });
}

const taught = intents.flatMap((intent) => intent.examples.map((example) => ({ intent, terms: termsOf(example) })));
const documentFrequency = new Map<string, number>();
for (const { terms } of taught) for (const term of new Set(terms)) documentFrequency.set(term, (documentFrequency.get(term) ?? 0) + 1);

/** Unit vector of term weights: rare terms weigh more, letter triples a third of words. */
function vectorOf(terms: readonly string[]): Vector {
  const weights = new Map<string, number>();
  for (const term of terms) {
    const rarity = Math.log((taught.length + 1) / ((documentFrequency.get(term) ?? 0) + 0.5));
    weights.set(term, (weights.get(term) ?? 0) + rarity * (term.startsWith('~') ? 0.33 : 1));
  }
  const length = Math.hypot(...weights.values()) || 1;
  return new Map([...weights].map(([term, weight]) => [term, weight / length]));
}

const model = taught.map(({ intent, terms }) => ({ intent, vector: vectorOf(terms) }));

function nearness(a: Vector, b: Vector): number {
  let sum = 0;
  for (const [term, weight] of a) sum += weight * (b.get(term) ?? 0);
  return sum;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/**
 * Finds the intent whose examples are nearest by tf-idf cosine. A greeting before a request does not count. What is near
 * nothing is intent `none`, answered by the small model, or by the deep one when it is long.
 */
export function understand(text: string): Understanding {
  const slots = findSlots(text);
  const request = text.replace(/^\s*(?:hej|hallå)\s+alice[\s,!.]+(?=\S)/iu, '');
  const vector = vectorOf(termsOf(request));
  const best = new Map<Intent, number>();
  for (const { intent, vector: example } of model) best.set(intent, Math.max(best.get(intent) ?? 0, nearness(vector, example)));
  const [first, second] = [...best].sort((a, b) => b[1] - a[1]);
  const top = first?.[1] ?? 0;
  if (!first || top < unknownUnder) {
    const long = (text.match(/\S+/g) ?? []).length >= longQuestion;
    return { intent: 'none', confidence: round(1 - top), routeHint: long ? 'deep' : 'micro', tool: 'none', slots };
  }
  const margin = (top - (second?.[1] ?? 0)) / top;
  const [{ name, route, tool }] = first;
  return { intent: name, confidence: round(Math.min(1, Math.sqrt(top) * (0.5 + 0.5 * Math.min(1, 2 * margin)))), routeHint: route, tool, slots };
}
