import type { Clock } from '../clock.js';
import type { OrchestratorSettings } from '../knobs.js';
import type { Route } from './intents.js';
import type { Understanding } from './nlu.js';
import { isPlan, spoilPlan, writePlan } from './plan.js';
import { essay, reply } from './replies.js';
import { retrieve, type Hit } from './retrieval.js';

/** What generating an answer needs to know. */
export interface Task {
  readonly message: string;
  readonly understanding: Understanding;
  readonly route: Route;
  readonly settings: OrchestratorSettings;
}

/** Hears an answer while it is made. */
export interface Listener {
  token(text: string): void;
  /** What was said so far is void; the answer begins anew. */
  repair(): void;
}

/** One answer and what it took. Times in ms from the start of generation. */
export interface Generated {
  readonly text: string;
  readonly firstMs: number;
  readonly tokens: number;
  readonly hits: readonly Hit[];
  /** Whether the first draft of a plan was well-formed; true on the other routes. */
  readonly schemaOk: boolean;
}

/** Milliseconds: fixed, per word of context to read first, per token, and per token and word of context. */
const paces = {
  micro: { start: 40, reading: 0, token: 6, attention: 0 },
  planner: { start: 90, reading: 6.5, token: 5, attention: 0.05 },
  deep: { start: 400, reading: 6.5, token: 7, attention: 0.05 },
} as const;

const lettersPerToken = 4;
const spoiltShare = 0.4;

/** Pieces of about four letters; joined they are the text again. */
function tokensOf(text: string): string[] {
  const letters = [...text];
  return Array.from({ length: Math.ceil(letters.length / lettersPerToken) }, (_, i) => letters.slice(i * lettersPerToken, (i + 1) * lettersPerToken).join(''));
}

/**
 * Creates the answering side. There is no neural network: texts come from templates and retrieved passages, but they are
 * spoken token by token at a pace that depends on how much context was put before them, as with a real model. `random`
 * decides which plans come out malformed when the schema is not enforced; such a draft is checked, thrown away and made anew.
 */
export function createGenerator(clock: Clock, random: () => number): (task: Task, listener: Listener, signal: AbortSignal) => Promise<Generated> {
  return async ({ message, understanding, route, settings }, listener, signal) => {
    const started = clock.now();
    const hits = route === 'micro' ? [] : retrieve(message, settings.rag_top_k);
    const contextWords = hits.reduce((sum, { text }) => sum + text.split(' ').length, 0);
    const { start, reading, token, attention } = paces[route];
    const perToken = token + attention * contextWords;
    let firstMs: number | undefined;
    let tokens = 0;

    const speak = async (text: string): Promise<string> => {
      let due = clock.now() + start + reading * contextWords;
      await clock.until(due, signal);
      for (const piece of tokensOf(text)) {
        due += perToken;
        await clock.until(due, signal);
        firstMs ??= clock.now() - started;
        tokens++;
        listener.token(piece);
      }
      return text;
    };
    const finish = (text: string, schemaOk: boolean): Generated => ({ text, firstMs: firstMs ?? clock.now() - started, tokens, hits, schemaOk });

    if (route === 'micro') return finish(await speak(reply(understanding, message, clock.wall())), true);
    if (route === 'deep') return finish(await speak(essay(hits)), true);
    const plan = writePlan(understanding, hits);
    const spoilt = !settings.strict_schema && random() < spoiltShare;
    const draft = await speak(spoilt ? spoilPlan(plan, random()) : plan);
    if (isPlan(draft)) return finish(draft, true);
    listener.repair();
    return finish(await speak(plan), false);
  };
}
