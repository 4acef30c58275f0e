import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Guardian } from '../guardian.js';
import { choice, isRecord, optional, record, text, type Values } from '../http/fields.js';
import { HttpError, type Exchange, type Handler } from '../http/server.js';
import type { Answered, Answerer, Decision, Question } from './answer.js';
import type { Listener } from './generation.js';

const fields = {
  v: optional(choice('1'), '1'),
  session_id: text({ min: 1, max: 200 }),
  message: text({ min: 1, max: 10_000 }),
  model: optional(choice('auto', 'micro', 'planner', 'deep'), 'auto'),
  force_route: optional(choice('micro', 'planner', 'deep')),
  context: optional(record),
};

const retryAfterS = 30;

/** What the chat endpoint works with. */
export interface ChatParts {
  readonly clock: Clock;
  readonly guardian: Pick<Guardian, 'state'>;
  readonly answerer: Answerer;
}

function questionOf({ session_id, message, model, force_route, context }: Values<typeof fields>): Question {
  const user = isRecord(context) ? context['user_id'] : undefined;
  return { session: session_id, message, route: force_route ?? model, user: typeof user === 'string' ? user : undefined };
}

const overloaded = (message: string, traceId: string): HttpError =>
  new HttpError(503, { error: { code: 'SERVICE_OVERLOADED', message, trace_id: traceId, retry_after: retryAfterS } }, { 'Retry-After': String(retryAfterS), 'X-Trace-ID': traceId });

/** The trace of a W3C traceparent header, or a new one. */
function traceOf({ request }: Exchange): string {
  return /^00-([0-9a-f]{32})-[0-9a-f]{16}-/.exec(String(request.headers['traceparent'] ?? ''))?.[1] ?? randomUUID().replaceAll('-', '');
}

/** POST /api/chat: understands, routes, generates; answers in one JSON or, when asked, as server-sent events. */
export function createChat({ clock, guardian, answerer }: ChatParts): Handler {
  const describe = (question: Question, decision: Decision, { made, waitedMs, fullMs }: Answered, traceId: string): unknown => {
    const { understanding, route, fallback, settings } = decision;
    return {
      v: '1',
      session_id: question.session,
      timestamp: clock.wall().getTime(),
      trace_id: traceId,
      response: made.text,
      model_used: route,
      latency_ms: Math.round(fullMs),
      metadata: {
        phase: 'reference',
        guardian_state: guardian.state(),
        route,
        nlu: { intent: understanding.intent, confidence: understanding.confidence, slots: understanding.slots },
        first_ms: Math.round(waitedMs + made.firstMs),
        full_ms: Math.round(fullMs),
        queued_ms: Math.round(waitedMs),
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
    const question = questionOf(await exchange.body(fields));
    const traceId = traceOf(exchange);
    if (guardian.state() === 'EMERGENCY') throw overloaded('The guardian is in state EMERGENCY', traceId);
    const decision = answerer.decide(question);
    const { understanding, route } = decision;
    const headers = {
      'X-Route': route,
      'X-Intent': understanding.intent,
      'X-Intent-Confidence': String(understanding.confidence),
      'X-Route-Hint': understanding.routeHint,
      'X-Trace-ID': traceId,
    };
    const answer = async (listener: Listener): Promise<unknown> => {
      const pending = answerer.answer(question, decision, listener, exchange.signal);
      if (!pending) throw overloaded('Too many deep requests are waiting', traceId);
      return describe(question, decision, await pending, traceId);
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
