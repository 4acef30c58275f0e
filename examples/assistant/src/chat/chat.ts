import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Guardian } from '../guardian.js';
import { choice, isRecord, optional, record, text, type Values } from '../http/fields.js';
import { HttpError, type Exchange, type Handler } from '../http/server.js';
import type { OrchestratorSettings } from '../knobs.js';
import type { Sessions } from '../sessions.js';
import type { DeepQueue } from './deep-queue.js';
import type { createGenerator, Generated, Listener, Task } from './generation.js';
import type { Route } from './intents.js';
import { understand, type Understanding } from './nlu.js';

const fields = {
  v: optional(choice('1'), '1'),
  session_id: text({ min: 1, max: 200 }),
  message: text({ min: 1, max: 10_000 }),
  model: optional(choice('auto', 'micro', 'planner', 'deep'), 'auto'),
  force_route: optional(choice('micro', 'planner', 'deep')),
  context: optional(record),
};
type Question = Values<typeof fields>;

/** Passages at most while resources are short. */
const brownoutTopK = 3;
const retryAfterS = 30;

/** What the chat endpoint works with. */
export interface ChatParts {
  readonly clock: Clock;
  readonly guardian: Pick<Guardian, 'state'>;
  readonly settings: () => OrchestratorSettings;
  readonly sessions: Pick<Sessions, 'keep'>;
  readonly deepQueue: DeepQueue;
  readonly generate: ReturnType<typeof createGenerator>;
}

interface Decision extends Task {
  readonly fallback: string | undefined;
}

/** The way an answer takes: what was asked for, unless resources or a knob forbid it. */
function decide({ message, model, force_route }: Question, understanding: Understanding, { guardian, settings }: ChatParts): Decision {
  const inForce = settings();
  const brownout = guardian.state() === 'BROWNOUT';
  const wanted: Route = force_route ?? (model === 'auto' ? understanding.routeHint : model);
  const fallback = wanted !== 'deep' ? undefined : !inForce.deep_enabled ? 'deep_disabled' : brownout ? 'guardian_brownout' : undefined;
  return {
    message,
    understanding,
    route: fallback === undefined ? wanted : 'planner',
    settings: brownout ? { ...inForce, rag_top_k: Math.min(brownoutTopK, inForce.rag_top_k) } : inForce,
    fallback,
  };
}

const overloaded = (message: string, traceId: string): HttpError =>
  new HttpError(503, { error: { code: 'SERVICE_OVERLOADED', message, trace_id: traceId, retry_after: retryAfterS } }, { 'Retry-After': String(retryAfterS), 'X-Trace-ID': traceId });

/** The trace of a W3C traceparent header, or a new one. */
function traceOf({ request }: Exchange): string {
  return /^00-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(String(request.headers['traceparent'] ?? ''))?.[1] ?? randomUUID().replaceAll('-', '');
}

/** POST /api/chat: understands, routes, generates; answers in one JSON or, when asked, as server-sent events. */
export function createChat(parts: ChatParts): Handler {
  const { clock, guardian, sessions, deepQueue, generate } = parts;

  const describe = (question: Question, decision: Decision, made: Generated, facts: { traceId: string; fullMs: number; waitedMs: number }): unknown => {
    const { understanding, route, fallback, settings } = decision;
    return {
      v: '1',
      session_id: question.session_id,
      timestamp: clock.wall().getTime(),
      trace_id: facts.traceId,
      response: made.text,
      model_used: route,
      latency_ms: Math.round(facts.fullMs),
      metadata: {
        phase: 'reference',
        guardian_state: guardian.state(),
        route,
        nlu: { intent: understanding.intent, confidence: understanding.confidence, slots: understanding.slots },
        first_ms: Math.round(facts.waitedMs + made.firstMs),
        full_ms: Math.round(facts.fullMs),
        queued_ms: Math.round(facts.waitedMs),
        tokens_used: made.tokens,
        planner_schema_ok: made.schemaOk,
        repair_used: !made.schemaOk,
        fallback_used: fallback !== undefined,
        fallback_reason: fallback ?? null,
        rag: { top_k: route === 'micro' ? 0 : settings.rag_top_k, hits: made.hits.map(({ doc_id, score }) => ({ doc_id, score })) },
      },
    };
  };

  return async (exchange) => {
    const question = await exchange.body(fields);
    const arrived = clock.now();
    const traceId = traceOf(exchange);
    if (guardian.state() === 'EMERGENCY') throw overloaded('The guardian is in state EMERGENCY', traceId);
    const decision = decide(question, understand(question.message), parts);
    const { understanding, route } = decision;
    const headers = {
      'X-Route': route,
      'X-Intent': understanding.intent,
      'X-Intent-Confidence': String(understanding.confidence),
      'X-Route-Hint': understanding.routeHint,
      'X-Trace-ID': traceId,
    };
    const answer = async (listener: Listener): Promise<unknown> => {
      let waitedMs = 0;
      const work = (): Promise<Generated> => {
        waitedMs = clock.now() - arrived;
        return generate(decision, listener, exchange.signal);
      };
      const pending = route === 'deep' ? deepQueue.run(work, exchange.signal) : work();
      if (!pending) throw overloaded('Too many deep requests are waiting', traceId);
      const made = await pending;
      const user = isRecord(question.context) ? question.context['user_id'] : undefined;
      sessions.keep(question.session_id, { message: question.message, response: made.text, user: typeof user === 'string' ? user : undefined });
      return describe(question, decision, made, { traceId, fullMs: clock.now() - arrived, waitedMs });
    };
    if (!(exchange.request.headers.accept ?? '').includes('text/event-stream')) {
      exchange.json(200, await answer({ token: () => undefined, repair: () => undefined }), headers);
      return;
    }
    const { response } = exchange;
    const event = (name: string, data: unknown): void => {
      if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', ...headers });
      response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    event('done', await answer({ token: (token) => event('token', { token }), repair: () => event('repair', {}) }));
    response.end();
  };
}
