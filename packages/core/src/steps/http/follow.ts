import { RealopsError, type StepContext } from '../../plugin.js';
import type { HttpAgent } from './agents.js';
import { exchange, type Exchange, type ExchangeRequest } from './exchange.js';
import type { Headers } from './headers.js';

/** The last answer of a chain of redirects. Its times count from the start of the first request. */
export interface Followed extends Exchange {
  readonly url: URL;
  readonly redirects: number;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request and follows at most `most` redirects as browsers do: 303 (and 301, 302 after POST) become GET. Credentials go no further than their own origin,
 * and every hop must be the host of a target. With `most` 0 a redirect is an answer like any other.
 * @throws RealopsError what `exchange` throws; REALOPS_PROTOCOL for one redirect too many or one to nowhere, REALOPS_EGRESS_DENIED
 */
export async function follow(pool: HttpAgent, first: ExchangeRequest, most: number, context: StepContext): Promise<Followed> {
  let request = first;
  let spentMs = 0;
  let connectMs: number | null = null;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(pool, request, context);
    if (answer.connectMs !== null) connectMs = (connectMs ?? 0) + answer.connectMs;
    const location = answer.headers['location'];
    if (location === undefined || most === 0 || !REDIRECTS.has(answer.status)) {
      const { status, statusText, headers, body } = answer;
      return { status, statusText, headers, body, connectMs, firstByteMs: spentMs + answer.firstByteMs, totalMs: spentMs + answer.totalMs, url: request.url, redirects };
    }
    if (redirects === most) throw new RealopsError('REALOPS_PROTOCOL', `more than ${most} ${most === 1 ? 'redirect' : 'redirects'}, the last from ${request.url.href} to ${location}`, { hint: 'raise redirects, or look for a loop' });
    spentMs += answer.totalMs;
    request = redirected(request, answer.status, hop(location, request.url, context));
  }
}

function hop(location: string, from: URL, context: StepContext): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new RealopsError('REALOPS_PROTOCOL', `${from.href} redirects to ${JSON.stringify(location.slice(0, 200))}, which is no HTTP address`);
  try {
    return context.target(url.href);
  } catch (error) {
    if (!(error instanceof RealopsError)) throw error;
    throw new RealopsError(error.code, `${from.href} redirects to ${url.href}, but ${error.message}`, { cause: error, hint: error.hint });
  }
}

function redirected(request: ExchangeRequest, status: number, url: URL): ExchangeRequest {
  const sameOrigin = url.origin === request.url.origin;
  const toGet = (status === 303 && request.method !== 'HEAD') || ((status === 301 || status === 302) && request.method === 'POST');
  const headers = without(request.headers, (name) => (!sameOrigin && OF_ORIGIN.has(name)) || (toGet && name.startsWith('content-')));
  return { ...request, url, headers, ...(toGet ? { method: 'GET', body: undefined } : {}) };
}

/** Headers that are meant for one origin only. */
const OF_ORIGIN: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'host']);

function without(headers: Headers, drop: (name: string) => boolean): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name)));
}
