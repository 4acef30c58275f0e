import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { checkFields, type Field, type FieldProblem, type Values } from './fields.js';

const largestBody = 256 * 1024;

/** An answer that is an error of the caller or of the assistant's state. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly detail: unknown,
    readonly headers: { readonly [name: string]: string } = {},
  ) {
    super(`HTTP ${status}`);
  }
}

/** One request on its way through a handler. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What `:name` in the route's path stood for. */
  readonly parameters: { readonly [name: string]: string };
  /** Aborts when the connection ends: the client went away or the server closes. */
  readonly signal: AbortSignal;
  /** Reads and checks the JSON body; answers 422 with every problem when it does not fit. */
  body<F extends { readonly [name: string]: Field<unknown> }>(fields: F, options?: { readonly closed?: boolean }): Promise<Values<F>>;
  /** Answers with JSON. */
  json(status: number, body: unknown, headers?: { readonly [name: string]: string }): void;
}

export type Handler = (exchange: Exchange) => Promise<void> | void;
/** Handlers by "METHOD /path"; a path segment `:name` matches anything. */
export type Routes = { readonly [route: string]: Handler };

const unprocessable = (problems: readonly FieldProblem[]): HttpError => new HttpError(422, problems);

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > largestBody) throw new HttpError(413, 'Request body too large', { Connection: 'close' });
    chunks.push(bytes);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw unprocessable([{ loc: ['body'], msg: 'body is not valid JSON', type: 'value_error.jsondecode' }]);
  }
}

function send(response: ServerResponse, status: number, body: unknown, headers: { readonly [name: string]: string } = {}): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': bytes.length, ...headers }).end(bytes);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function match(pattern: string, path: string): { [name: string]: string } | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: { [name: string]: string } = {};
  for (const [i, segment] of wanted.entries()) {
    const value = given[i] ?? '';
    if (segment.startsWith(':') && value !== '') parameters[segment.slice(1)] = decode(value);
    else if (segment !== value) return undefined;
  }
  return parameters;
}

function find(routes: Routes, method: string, path: string): { handler: Handler; parameters: { [name: string]: string } } {
  const allowed: string[] = [];
  for (const [route, handler] of Object.entries(routes)) {
    const [verb = '', pattern = ''] = route.split(' ');
    const parameters = match(pattern, path);
    if (!parameters) continue;
    if (verb === method) return { handler, parameters };
    allowed.push(verb);
  }
  if (allowed.length > 0) throw new HttpError(405, 'Method Not Allowed', { Allow: allowed.join(', ') });
  throw new HttpError(404, 'Not Found');
}

/** A server that answers JSON errors for everything it does not know and never dies of a handler. Not yet listening. */
export function createHttpServer(routes: Routes): Server {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const { handler, parameters } = find(routes, request.method ?? 'GET', path);
      await handler({
        request,
        response,
        parameters,
        signal: gone.signal,
        json: (status, body, headers) => send(response, status, body, headers),
        async body(fields, options) {
          const checked = checkFields(await readJson(request), fields, options);
          if ('problems' in checked) throw unprocessable(checked.problems);
          return checked.values;
        },
      });
    } catch (error) {
      if (error instanceof HttpError) send(response, error.status, { detail: error.detail }, error.headers);
      else if (response.headersSent || gone.signal.aborted) response.destroy();
      else send(response, 500, { detail: 'Internal Server Error' });
    }
  };
  const server = createServer((request, response) => void serve(request, response));
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  return server;
}

/** Listens on loopback only and tells the port that was given. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** Stops listening and ends every connection. */
export function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
