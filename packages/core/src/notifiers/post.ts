import { isJsonObject, preview } from '../text/index.js';
import { RealopsError, type ActionContext } from '../plugin.js';

/** What is posted. The body is given as text, so that what is signed is what is sent. */
export interface Posted {
  /** A target name or URL. */
  readonly url: string;
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}

/** Answers after which the same request may succeed: too early, too many, or the receiver itself is in trouble. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Posts JSON through `http.request`, under the allow-list of the caller. Redirects are not followed: the message, and the secret that its URL often is,
 * go to the host that the suite names and to no other.
 * @throws RealopsError REALOPS_NOTIFY_FAILED when it may be tried again, REALOPS_NOTIFY_REFUSED when that would not help, and what `http.request` throws
 */
export async function postJson({ url, body, headers }: Posted, { run }: Pick<ActionContext, 'run'>): Promise<void> {
  const answer = await run({ use: 'http.request', with: { method: 'POST', url, text: body, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, redirects: 0, parse: 'text', maxBytes: 1_048_576, trace: false } });
  const status = isJsonObject(answer) && typeof answer['status'] === 'number' ? answer['status'] : 0;
  if (status >= 200 && status < 300) return;
  const text = isJsonObject(answer) && typeof answer['text'] === 'string' && answer['text'].trim() !== '' ? `: ${preview(answer['text'].trim(), 200)}` : '';
  if (status >= 300 && status < 400) throw new RealopsError('REALOPS_NOTIFY_REFUSED', `the receiver redirects (status ${status}), and messages follow no redirects`, { hint: 'give the address it redirects to' });
  const again = status >= 500 || PASSING.has(status);
  throw new RealopsError(again ? 'REALOPS_NOTIFY_FAILED' : 'REALOPS_NOTIFY_REFUSED', `the receiver answered with status ${status}${text}`, again ? {} : { hint: status === 404 || status === 410 ? 'the address may have been revoked' : status === 401 || status === 403 ? 'check the credentials of the channel' : undefined });
}
