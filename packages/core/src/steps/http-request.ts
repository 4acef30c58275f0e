import { defineStep } from '../plugin.js';
import { destinationOf } from './http/address.js';
import { agentFor } from './http/agents.js';
import { makeBody } from './http/body.js';
import { follow } from './http/follow.js';
import { headersOf } from './http/headers.js';
import { parseBody, parseInside } from './http/parse.js';
import { readTls, tlsSchema } from './http/tls.js';

const text = { type: 'string' } as const;
const scalar = { oneOf: [text, { type: 'number' }, { type: 'boolean' }] } as const;

/** Sends an HTTP request and gives the whole answer. Every status is an answer; only a missing, broken or malformed one is an error of the step. */
export const httpRequest = defineStep({
  use: 'http.request',
  description: 'Sends an HTTP request and gives status, headers and the parsed body.',
  with: {
    type: 'object',
    properties: {
      url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or a URL whose host is the host of a target' },
      path: { type: 'string', description: 'Appended to the path of the URL, e.g. /api/chat; may hold a query' },
      method: { enum: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], description: 'GET, or POST when there is a body' },
      query: { type: 'object', properties: {}, additionalProperties: {}, description: 'Query parameters, appended to those of the URL; a list repeats the parameter, null leaves it out' },
      headers: { type: 'object', properties: {}, additionalProperties: scalar, description: 'They win over the headers that the step implies' },
      json: { description: 'A JSON body' },
      text: { type: 'string', description: 'A text body' },
      form: { type: 'object', properties: {}, additionalProperties: {}, description: 'A form body (application/x-www-form-urlencoded)' },
      multipart: {
        type: 'array',
        description: 'A multipart/form-data body; each part is a value or a file',
        items: { type: 'object', properties: { name: text, value: scalar, file: { type: 'string', holds: 'file' }, filename: text, contentType: text }, required: ['name'] },
      },
      tls: tlsSchema,
      redirects: { type: 'integer', minimum: 0, maximum: 20, default: 0, description: 'How many redirects are followed; each must lead to the host of a target' },
      parse: { enum: ['auto', 'json', 'text', 'none'], default: 'auto', description: 'auto parses what calls itself JSON; json insists; none leaves the body unread' },
      parseJsonIn: { type: 'array', items: text, default: [], description: 'Dotted paths in the body whose texts are JSON themselves, e.g. response' },
      maxBytes: { type: 'integer', minimum: 1, default: 10_485_760, description: 'The largest answer that is accepted' },
      trace: { type: 'boolean', default: true, description: 'Sends the trace id of the row as traceparent' },
    },
    required: ['url'],
  },
  output: {
    type: 'object',
    properties: {
      status: { type: 'integer' },
      statusText: text,
      headers: { type: 'object', properties: {}, additionalProperties: text, description: 'Lower-case names; several of one name are joined by a comma' },
      body: { description: 'Parsed JSON, or the text; null when it is neither' },
      text,
      url: { type: 'string', description: 'Where the answer came from, after redirects' },
      redirects: { type: 'integer', description: 'How many were followed' },
      bytes: { type: 'integer', description: 'Size of the body as sent' },
      timings: {
        type: 'object',
        properties: { connectMs: { description: 'null on a connection that was kept alive' }, firstByteMs: { type: 'number' }, totalMs: { type: 'number' } },
        required: ['firstByteMs', 'totalMs'],
      },
    },
    required: ['status', 'statusText', 'headers', 'body', 'text', 'url', 'redirects', 'bytes', 'timings'],
  },
  metrics: [
    { name: 'http.connect', kind: 'distribution', unit: 'ms', labels: [], description: 'From the start of the request to an open connection, TLS included; only where a new one was made.' },
    { name: 'http.firstByte', kind: 'distribution', unit: 'ms', labels: [], description: 'From the start of the request to the first byte of the answer, connecting and redirects included.', whenFailed: 'count' },
    { name: 'http.total', kind: 'distribution', unit: 'ms', labels: [], description: 'From the start of the request to the last byte of the answer, connecting and redirects included.', whenFailed: 'count' },
    { name: 'http.success', kind: 'rate', unit: 'ratio', labels: [], description: 'Whether there was a well-formed answer with a status below 400.', whenFailed: 'count' },
  ],
  async run(parameters, context) {
    const body = await makeBody(parameters, (path) => context.file(path));
    const pool = await agentFor(parameters.tls === undefined ? undefined : await readTls(parameters.tls, context));
    const { url, authorization } = destinationOf(parameters, context);
    const method = parameters.method ?? (body.bytes === undefined ? 'GET' : 'POST');
    const headers = headersOf({ given: parameters.headers ?? {}, contentType: body.contentType, authorization, traceId: parameters.trace ? context.step.traceId : undefined });
    const answer = await follow(pool, { method, url, headers, body: body.bytes, maxBytes: parameters.maxBytes }, parameters.redirects, context);
    const { status, statusText, connectMs, firstByteMs, totalMs } = answer;
    if (connectMs !== null) context.measure('http.connect', connectMs);
    context.measure('http.firstByte', firstByteMs);
    context.measure('http.total', totalMs);
    const parsed = await parseBody(answer, parameters.parse, parameters.maxBytes);
    const value = parameters.parseJsonIn.length === 0 ? parsed.value : parseInside(parsed.value, parameters.parseJsonIn);
    context.measure('http.success', status < 400);
    return { status, statusText, headers: answer.headers, body: value, text: parsed.text, url: answer.url.href, redirects: answer.redirects, bytes: answer.body.length, timings: { connectMs, firstByteMs, totalMs } };
  },
});
