import { defineStep, RealopsError, type StepContext } from '../plugin.js';
import { agentFor, readTls, type HttpAgent } from './http/agents.js';
import { makeBody, type Body } from './http/body.js';
import { exchange, type Exchange } from './http/exchange.js';
import { parseBody, parseInside } from './http/parse.js';

const text = { type: 'string' } as const;
const file = { type: 'string', holds: 'file' } as const;

/** Sends an HTTP request and gives the whole answer. Every status is an answer; only a missing or malformed one is an error of the step. */
export const httpRequest = defineStep({
  use: 'http.request',
  description: 'Sends an HTTP request and gives status, headers and the parsed body.',
  with: {
    type: 'object',
    properties: {
      url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target' },
      method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], description: 'GET, or POST when there is a body' },
      path: { type: 'string', description: 'Appended to the path of the URL, e.g. /api/chat' },
      query: { type: 'object', properties: {}, additionalProperties: {}, description: 'Query parameters, appended to those of the URL' },
      headers: { type: 'object', properties: {}, additionalProperties: text },
      json: { description: 'A JSON body' },
      text: { type: 'string', description: 'A text body' },
      form: { type: 'object', properties: {}, additionalProperties: {}, description: 'A form body (application/x-www-form-urlencoded)' },
      multipart: {
        type: 'array',
        description: 'A multipart/form-data body',
        items: { type: 'object', properties: { name: text, value: text, file, filename: text, contentType: text }, required: ['name'] },
      },
      tls: { type: 'object', properties: { rejectUnauthorized: { type: 'boolean' }, servername: text, ca: file, cert: file, key: file } },
      redirects: { type: 'integer', minimum: 0, maximum: 20, default: 0, description: 'How many redirects are followed; each must lead to the host of a target' },
      parse: { enum: ['auto', 'json', 'text', 'none'], default: 'auto', description: 'auto parses what calls itself JSON' },
      parseJsonIn: { type: 'array', items: text, default: [], description: 'Dotted paths in the body whose texts are JSON themselves, e.g. response' },
      maxBytes: { type: 'integer', minimum: 1, default: 10_485_760 },
      trace: { type: 'boolean', default: true, description: 'Sends the trace id of the row as traceparent' },
    },
    required: ['url'],
  },
  output: {
    type: 'object',
    properties: {
      status: { type: 'integer' },
      statusText: text,
      headers: { type: 'object', properties: {}, additionalProperties: text, description: 'Lower-case names' },
      body: { description: 'Parsed JSON, or the text' },
      text,
      url: { type: 'string', description: 'Where the answer came from, after redirects' },
      redirects: { type: 'integer' },
      bytes: { type: 'integer' },
      timings: { type: 'object', properties: { connectMs: {}, firstByteMs: { type: 'number' }, totalMs: { type: 'number' } } },
    },
  },
  metrics: [
    { name: 'http.connect', kind: 'distribution', unit: 'ms', description: 'From the start of the request to an open connection; only where a new one was made.' },
    { name: 'http.firstByte', kind: 'distribution', unit: 'ms', description: 'From the start of the request to the first byte of the answer.', whenFailed: 'count' },
    { name: 'http.total', kind: 'distribution', unit: 'ms', description: 'From the start of the request to the last byte of the answer.', whenFailed: 'count' },
    { name: 'http.success', kind: 'rate', unit: 'ratio', description: 'Whether there was an answer with a status below 400.', whenFailed: 'count' },
  ],
  async run(parameters, context) {
    const body = await makeBody(parameters, (path) => context.file(path));
    const pool = await agentFor(parameters.tls === undefined ? {} : await readTls(parameters.tls, (path) => context.file(path)));
    const start = makeUrl(parameters.url, parameters.path, parameters.query, context);
    const method = parameters.method ?? (body.bytes === undefined ? 'GET' : 'POST');
    const headers = makeHeaders(parameters.headers ?? {}, body, parameters.trace ? context.step.traceId : undefined);
    const { answer, url, redirects, spentMs } = await follow(pool, { method, url: start, headers, body: body.bytes, maxBytes: parameters.maxBytes }, parameters.redirects, context);
    const { text: answerText, value } = parseBody(answer.body, answer.headers, parameters.parse, parameters.maxBytes);
    if (answer.connectMs !== null) context.measure('http.connect', answer.connectMs);
    context.measure('http.firstByte', spentMs + answer.firstByteMs);
    context.measure('http.total', spentMs + answer.totalMs);
    context.measure('http.success', answer.status < 400);
    return {
      status: answer.status,
      statusText: answer.statusText,
      headers: answer.headers,
      body: parameters.parseJsonIn.length === 0 ? value : parseInside(value, parameters.parseJsonIn),
      text: answerText,
      url: url.href,
      redirects,
      bytes: answer.body.length,
      timings: { connectMs: answer.connectMs, firstByteMs: spentMs + answer.firstByteMs, totalMs: spentMs + answer.totalMs },
    };
  },
});

function makeUrl(nameOrUrl: string, path: string | undefined, query: { readonly [name: string]: unknown } | undefined, context: StepContext): URL {
  const url = context.target(nameOrUrl);
  if (url.protocol === 'ws:' || url.protocol === 'wss:') url.protocol = url.protocol === 'ws:' ? 'http:' : 'https:';
  if (path !== undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/${path.replace(/^\//, '')}`;
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  return url;
}

function makeHeaders(given: { readonly [name: string]: string }, body: Body, traceId: string | undefined): { readonly [name: string]: string } {
  const headers: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value;
  if (body.contentType !== undefined) headers['content-type'] ??= body.contentType;
  if (traceId !== undefined) headers['traceparent'] ??= `00-${traceId}-${traceId.slice(0, 16)}-01`;
  return headers;
}

interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array | undefined;
  readonly maxBytes: number;
}

/** Sends a request and follows redirects as browsers do: 303 (and 301, 302 after POST) become GET. Credentials go no further than their own origin. */
async function follow(pool: HttpAgent, first: Sent, most: number, context: StepContext): Promise<{ readonly answer: Exchange; readonly url: URL; readonly redirects: number; readonly spentMs: number }> {
  let request = first;
  let spentMs = 0;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(pool, request, context.signal);
    const location = answer.headers['location'];
    if (location === undefined || most === 0 || ![301, 302, 303, 307, 308].includes(answer.status)) return { answer, url: request.url, redirects, spentMs };
    if (redirects === most) throw new RealopsError('REALOPS_PROTOCOL', `more than ${most} redirects, the last to ${location}`, { hint: 'raise redirects, or look for a loop' });
    const url = context.target(new URL(location, request.url).href);
    const toGet = answer.status === 303 || ((answer.status === 301 || answer.status === 302) && request.method === 'POST');
    const { authorization, cookie, ...others } = request.headers;
    const kept = url.origin === request.url.origin ? request.headers : others;
    const { 'content-type': _, ...bare } = kept;
    spentMs += answer.totalMs;
    request = { ...request, url, headers: toGet ? bare : kept, ...(toGet ? { method: 'GET', body: undefined } : {}) };
  }
}
