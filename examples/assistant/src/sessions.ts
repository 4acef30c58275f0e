import { optional, text } from './http/fields.js';
import type { Routes } from './http/server.js';

/** One question and its answer, kept until it is forgotten. */
export interface Turn {
  readonly message: string;
  readonly response: string;
  readonly user: string | undefined;
}

const mostSessions = 1000;
const mostTurns = 50;

/** The assistant's memory of conversations. Bounded: the oldest turns and sessions fall out. */
export interface Sessions {
  keep(session: string, turn: Turn): void;
  readonly size: number;
  readonly routes: Routes;
}

export function createSessions(): Sessions {
  const sessions = new Map<string, Turn[]>();

  const forgetWhere = (matches: (session: string, turn: Turn) => boolean): number => {
    let forgotten = 0;
    for (const [session, turns] of sessions) {
      const left = turns.filter((turn) => !matches(session, turn));
      forgotten += turns.length - left.length;
      if (left.length === 0) sessions.delete(session);
      else sessions.set(session, left);
    }
    return forgotten;
  };

  return {
    get size() {
      return sessions.size;
    },
    keep(session, turn) {
      const turns = [...(sessions.get(session) ?? []), turn].slice(-mostTurns);
      sessions.delete(session);
      sessions.set(session, turns);
      const [oldest] = sessions.keys();
      if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest);
    },
    routes: {
      'GET /sessions/:id': ({ parameters: { id = '' }, json }) => json(200, { session_id: id, turns: sessions.get(id)?.length ?? 0 }),
      'DELETE /sessions/:id': ({ parameters: { id = '' }, json }) => json(200, { success: true, deleted_count: forgetWhere((session) => session === id) }),
      'POST /api/privacy/forget': async ({ body, json }) => {
        const { user_id, session_id } = await body({ user_id: text({ min: 1, max: 200 }), session_id: optional(text({ min: 1, max: 200 })) });
        const deleted = forgetWhere((session, turn) => (session_id === undefined ? turn.user === user_id : session === session_id));
        json(200, { success: true, deleted_count: deleted });
      },
    },
  };
}
