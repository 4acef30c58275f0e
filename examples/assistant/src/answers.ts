import { setTimeout as sleep } from 'node:timers/promises';
import type { OrchestratorKnobs } from './config.js';
import type { Understanding } from './nlu.js';
import { retrieve, type Hit } from './retrieval.js';

/** One answer with what it took. */
export interface Generated {
  readonly text: string;
  readonly first_ms: number;
  readonly full_ms: number;
  readonly tokens: number;
  readonly hits: readonly Hit[];
  readonly repair_used: boolean;
}

/** Milliseconds before the first token, per document of context, and per token. Reading context is what makes a planner slow, so they grow with top_k. */
const paces = { micro: { start: 40, perDocument: 0, perToken: 6 }, planner: { start: 90, perDocument: 95, perToken: 9 }, deep: { start: 500, perDocument: 130, perToken: 11 } } as const;

/** Makes an answer token by token; `onToken` hears each when it is ready. Without the strict schema every third planner answer comes out malformed and is repaired in a second round. */
export async function generate(message: string, understanding: Understanding, route: 'micro' | 'planner' | 'deep', knobs: OrchestratorKnobs, turn: number, onToken: (token: string) => void): Promise<Generated> {
  const started = performance.now();
  const pace = paces[route];
  const hits = route === 'micro' ? [] : retrieve(message, knobs.rag_top_k);
  await sleep(pace.start + pace.perDocument * hits.length);
  const first_ms = performance.now() - started;
  let text = compose(message, understanding, route, hits);
  const malformed = route === 'planner' && !knobs.strict_schema && turn % 3 === 0;
  if (malformed) {
    // The broken draft is read to its end before it can be seen to be broken, then made anew.
    await speak(text.slice(0, Math.floor(text.length / 2)), pace.perToken, () => undefined);
    await sleep(pace.start + pace.perDocument * hits.length);
    text = compose(message, understanding, route, hits);
  }
  const tokens = await speak(text, pace.perToken, onToken);
  return { text, first_ms: Math.round(first_ms), full_ms: Math.round(performance.now() - started), tokens, hits, repair_used: malformed };
}

async function speak(text: string, perToken: number, onToken: (token: string) => void): Promise<number> {
  const tokens = text.match(/\s*\S+/g) ?? [];
  const started = performance.now();
  for (const [index, token] of tokens.entries()) {
    const due = started + (index + 1) * perToken;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    onToken(token);
  }
  return tokens.length;
}

function compose(message: string, { intent, tool, slots }: Understanding, route: 'micro' | 'planner' | 'deep', hits: readonly Hit[]): string {
  if (route === 'planner') return JSON.stringify({ intent, tool, args: { ...slots }, render_instruction: plan(intent, slots), meta: { sources: hits.filter(({ score }) => score > 0).map(({ doc_id }) => doc_id) } });
  if (route === 'deep') return `${hits.filter(({ score }) => score > 0).slice(0, 3).map(({ text }) => text).join(' ') || 'Det finns inga anteckningar om det.'} Det är vad jag hittar om frågan.`;
  return short(message, intent, slots);
}

function plan(intent: string, slots: Understanding['slots']): string {
  const who = slots['person'] === undefined ? '' : ` med ${slots['person']}`;
  const when = [slots['day'], slots['time'] === undefined ? undefined : `klockan ${slots['time']}`].filter((part) => part !== undefined).join(' ');
  if (intent === 'calendar.create') return `Bokar möte${who}${when === '' ? '' : ` ${when}`}.`;
  return intent === 'email.read' ? 'Läser upp de senaste mejlen.' : `Skickar mejl${slots['person'] === undefined ? '' : ` till ${slots['person']}`}.`;
}

function short(_message: string, intent: string, slots: Understanding['slots']): string {
  switch (intent) {
    case 'greeting.hello':
      return 'Hej! Vad kan jag hjälpa till med?';
    case 'smalltalk.time':
      return `Klockan är ${new Date().toISOString().slice(11, 16)}.`;
    case 'weather.today':
      return slots['day'] === 'imorgon' ? 'Imorgon väntas sol och femton grader.' : 'Idag är det mulet och tolv grader.';
    case 'system.lights':
      return `Lampan${slots['room'] === undefined ? '' : ` i ${slots['room']}`} är ändrad.`;
    case 'call.person':
      return `Ringer ${slots['person'] ?? 'upp'}.`;
    case 'none':
      return 'Det förstod jag inte. Säg det gärna på ett annat sätt.';
    default:
      return 'Det är gjort.';
  }
}
