import { RealopsError, type StepContext } from '../../plugin.js';

/** How the address of a request is written in a step. */
export interface Address {
  readonly url: string;
  readonly path?: string;
  readonly query?: { readonly [name: string]: unknown };
}

/** Where a request goes, and the credentials that its URL held. */
export interface Destination {
  readonly url: URL;
  readonly authorization: string | undefined;
}

/**
 * The destination of a request: the target with `path` (which may hold a query of its own) and `query` appended. A user and password in the URL become basic
 * authorization and leave the URL, so that it can be shown.
 * @throws RealopsError what `context.target` throws; REALOPS_WITH_INVALID for a scheme that is not HTTP
 */
export function destinationOf({ url: nameOrUrl, path, query }: Address, context: Pick<StepContext, 'target'>): Destination {
  const url = httpUrl(context.target(nameOrUrl));
  if (path !== undefined) appendPath(url, path);
  if (query !== undefined) for (const [name, value] of Object.entries(query)) for (const text of textsOf(value)) url.searchParams.append(name, text);
  if (url.hash !== '') url.hash = '';
  if (url.username === '' && url.password === '') return { url, authorization: undefined };
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** A value of a query or form as texts: a list is a repeated parameter, null is left out, an object is JSON. */
export function textsOf(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

/** A URL as HTTP; the target of a WebSocket names the same server. It is changed in place, since the engine gives every caller a URL of its own. */
function httpUrl(url: URL): URL {
  if (url.protocol === 'ws:' || url.protocol === 'wss:') url.protocol = url.protocol === 'ws:' ? 'http:' : 'https:';
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new RealopsError('REALOPS_WITH_INVALID', `http.request speaks http and https, not ${url.protocol}//`, { hint: 'check the URL of the target' });
}

function appendPath(url: URL, path: string): void {
  const [route = '', ...rest] = path.replace(/#.*$/s, '').split('?');
  if (route !== '') url.pathname = `${url.pathname.replace(/\/$/, '')}/${route.replace(/^\//, '')}`;
  if (rest.length > 0) url.search = [url.search.slice(1), rest.join('?')].filter((part) => part !== '').join('&');
}
