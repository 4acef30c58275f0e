import { randomBytes } from 'node:crypto';
import { generate, type Generated } from './answers.js';
import type { Knobs, OrchestratorKnobs } from './config.js';
import type { Guardian } from './guardian.js';
import type { Answer, Call, Routes } from './http.js';
import { understand, type Understanding } from './nlu.js';

interface Request {
  readonly session_id: string;
  readonly message: string;
  readonly route: 'micro' | 'planner' | 'deep' | undefined;
}

/** The chat service: understands, routes, answers; keeps the turns of each session until they are deleted. */
export function createChat(knobs: Knobs<OrchestratorKnobs>, guardian: Guardian): Routes {
  const sessions = new Map<string, number>();
  const deep = createQueue();
  let turn = 0;

  const answer = async (call: Call): Promise<Answer> => {
    const problems = checkRequest(call.body);
    if (problems.length > 0) return { status: 422, body: { detail: problems } };
    const request = readRequest(call.body);
    const trace = traceOf(call);
    if (guardian.state === 'EMERGENCY') return { status: 503, headers: { 'retry-after': '30', 'x-trace-id': trace }, body: { detail: { error: { code: 'SERVICE_OVERLOADED', message: 'guardian EMERGENCY', trace_id: trace, retry_after: 30 } } } };
    const understanding = understand(request.message);
    const wanted = request.route ?? understanding.route;
    const blocked = wanted === 'deep' && (!knobs.values.deep_enabled || guardian.state === 'BROWNOUT');
    const route = blocked ? 'planner' : wanted;
    const inForce = guardian.state === 'BROWNOUT' ? { ...knobs.values, rag_top_k: Math.min(3, knobs.values.rag_top_k) } : knobs.values;
    turn += 1;
    sessions.set(request.session_id, (sessions.get(request.session_id) ?? 0) + 1);
    const headers = { 'x-route': route, 'x-intent': understanding.intent, 'x-intent-confidence': String(understanding.confidence), 'x-route-hint': understanding.route, 'x-trace-id': trace };
    const streaming = String(call.headers.accept ?? '').includes('text/event-stream');
    const make = (onToken: (token: string) => void): Promise<Generated> => generate(request.message, understanding, route, inForce, turn, onToken);
    const whole = (made: Generated): unknown => envelope(request, understanding, route, made, { trace, blocked, state: guardian.state });
    const run = route === 'deep' ? deep : direct;
    if (!streaming) return { status: 200, headers, body: whole(await run(() => make(() => undefined))) };
    call.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', ...headers });
    const made = await run(() => make((token) => call.response.write(`event: token\ndata: ${JSON.stringify({ token })}\n\n`)));
    call.response.end(`event: done\ndata: ${JSON.stringify(whole(made))}\n\n`);
    return 'handled';
  };

  const forget = (session: string): Answer => {
    const deleted = sessions.get(session) ?? 0;
    sessions.delete(session);
    return { status: 200, body: { success: true, deleted_count: deleted } };
  };

  return {
    'POST /api/chat': answer,
    'GET /sessions/:id': ({ path }) => ({ status: 200, body: { session_id: path.split('/').at(-1), turns: sessions.get(decodeURIComponent(path.split('/').at(-1) ?? '')) ?? 0 } }),
    'DELETE /sessions/:id': ({ path }) => forget(decodeURIComponent(path.split('/').at(-1) ?? '')),
    'POST /api/privacy/forget': ({ body }) => (typeof body === 'object' && body !== null && 'session_id' in body ? forget(String(body.session_id)) : { status: 422, body: { detail: [{ loc: ['body', 'session_id'], msg: 'field required', type: 'missing' }] } }),
    'GET /api/orchestrator/config': () => ({ status: 200, body: knobs.values }),
    'POST /api/orchestrator/config': ({ body }) => changed(knobs, body),
  };
}

/** Applies a change of knobs and gives those now in force. */
export function changed(knobs: { readonly values: object; change(body: unknown): { readonly problems: readonly string[] } }, body: unknown): Answer {
  const { problems } = knobs.change(body);
  return problems.length === 0 ? { status: 200, body: knobs.values } : { status: 422, body: { detail: problems.map((msg) => ({ loc: ['body'], msg, type: 'value_error' })) } };
}

function envelope(request: Request, understanding: Understanding, route: string, made: Generated, facts: { readonly trace: string; readonly blocked: boolean; readonly state: string }): unknown {
  return {
    v: '1', session_id: request.session_id, timestamp: Date.now(), trace_id: facts.trace, response: made.text, model_used: route, latency_ms: made.full_ms,
    metadata: {
      phase: 'reference', guardian_state: facts.state, route, intent: understanding.intent, confidence: understanding.confidence, first_ms: made.first_ms, full_ms: made.full_ms, tokens_used: made.tokens,
      repair_used: made.repair_used, fallback_used: facts.blocked, rag: { top_k: made.hits.length, hits: made.hits.map(({ doc_id, score }) => ({ doc_id, score })) },
    },
  };
}

function checkRequest(body: unknown): readonly { readonly loc: readonly string[]; readonly msg: string; readonly type: string }[] {
  if (typeof body !== 'object' || body === null) return [{ loc: ['body'], msg: 'field required', type: 'missing' }];
  const problem = (name: string, msg: string): { readonly loc: readonly string[]; readonly msg: string; readonly type: string } => ({ loc: ['body', name], msg, type: 'value_error' });
  const { v, session_id, message, force_route } = body as { readonly [name: string]: unknown };
  return [
    ...(v === undefined || v === '1' ? [] : [problem('v', 'only version 1 is spoken')]),
    ...(typeof session_id === 'string' && session_id !== '' ? [] : [problem('session_id', 'must be a text of at least 1 character')]),
    ...(typeof message === 'string' && message.length > 0 && message.length <= 10_000 ? [] : [problem('message', 'must be a text of 1 to 10000 characters')]),
    ...(force_route === undefined || force_route === 'micro' || force_route === 'planner' || force_route === 'deep' ? [] : [problem('force_route', 'must be micro, planner or deep')]),
  ];
}

/** The request after it was checked. */
function readRequest(body: unknown): Request {
  const { session_id, message, force_route, model } = body as { readonly session_id: string; readonly message: string; readonly force_route?: Request['route']; readonly model?: unknown };
  return { session_id, message, route: force_route ?? (model === 'micro' || model === 'planner' || model === 'deep' ? model : undefined) };
}

function traceOf(call: Call): string {
  const parent = /^00-([0-9a-f]{32})-/.exec(String(call.headers['traceparent'] ?? ''))?.[1];
  return parent ?? randomBytes(16).toString('hex');
}

async function direct<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

/** Runs one piece of work at a time, in the order of asking. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
