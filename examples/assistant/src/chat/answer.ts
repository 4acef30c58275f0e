import type { Clock } from '../clock.js';
import type { Guardian } from '../guardian.js';
import type { OrchestratorSettings } from '../knobs.js';
import type { Sessions } from '../sessions.js';
import type { DeepQueue } from './deep-queue.js';
import type { createGenerator, Generated, Listener, Task } from './generation.js';
import type { Route } from './intents.js';
import { understand } from './nlu.js';

/** What somebody wants to know, written or spoken. */
export interface Question {
  readonly session: string;
  readonly message: string;
  /** The route that was asked for; `auto` leaves it to the understanding. */
  readonly route: Route | 'auto';
  readonly user: string | undefined;
}

/** What answering works with. */
export interface AnswerParts {
  readonly clock: Clock;
  readonly guardian: Pick<Guardian, 'state'>;
  readonly settings: () => OrchestratorSettings;
  readonly sessions: Pick<Sessions, 'keep'>;
  readonly deepQueue: DeepQueue;
  readonly generate: ReturnType<typeof createGenerator>;
}

/** How a question is going to be answered. */
export interface Decision extends Task {
  /** Why it is not the route that was asked for. */
  readonly fallback: string | undefined;
}

/** An answer and what it took, in ms from the question on. */
export interface Answered {
  readonly made: Generated;
  readonly waitedMs: number;
  readonly fullMs: number;
}

/** Understands, routes and answers; remembers what was said. */
export interface Answerer {
  decide(question: Question): Decision;
  /** Answers as decided; undefined when too many deep questions wait already. */
  answer(question: Question, decision: Decision, listener: Listener, signal: AbortSignal): Promise<Answered> | undefined;
}

/** Passages at most while resources are short. */
const brownoutTopK = 3;

/** The one way to an answer, for the chat endpoint and for conversations. */
export function createAnswerer({ clock, guardian, settings, sessions, deepQueue, generate }: AnswerParts): Answerer {
  return {
    decide({ message, route }) {
      const understanding = understand(message);
      const inForce = settings();
      const brownout = guardian.state() === 'BROWNOUT';
      const wanted: Route = route === 'auto' ? understanding.routeHint : route;
      const fallback = wanted !== 'deep' ? undefined : !inForce.deep_enabled ? 'deep_disabled' : brownout ? 'guardian_brownout' : undefined;
      return {
        message,
        understanding,
        route: fallback === undefined ? wanted : 'planner',
        settings: brownout ? { ...inForce, rag_top_k: Math.min(brownoutTopK, inForce.rag_top_k) } : inForce,
        fallback,
      };
    },
    answer({ session, message, user }, decision, listener, signal) {
      const asked = clock.now();
      let waitedMs = 0;
      const work = (): Promise<Generated> => {
        waitedMs = clock.now() - asked;
        return generate(decision, listener, signal);
      };
      const pending = decision.route === 'deep' ? deepQueue.run(work, signal) : work();
      return pending?.then((made) => {
        sessions.keep(session, { message, response: made.text, user });
        return { made, waitedMs, fullMs: clock.now() - asked };
      });
    },
  };
}
