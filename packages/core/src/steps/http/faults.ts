import { RealopsError } from '../../plugin.js';

/** How far an exchange had come when it broke. */
export interface Progress {
  /** 0 while no answer had begun. */
  readonly status: number;
  /** Bytes of the body that had come. */
  readonly bytes: number;
  /** The request went out on a connection kept alive from an earlier one. */
  readonly reused: boolean;
}

const NOTHING: Progress = { status: 0, bytes: 0, reused: false };

/** Why there was no (whole) answer, in plain words: REALOPS_CONNECTION for the network, REALOPS_PROTOCOL for an answer that is not HTTP, REALOPS_WITH_INVALID for a request that cannot be sent. */
export function explainConnection(error: unknown, url: URL, { status, bytes, reused }: Progress = NOTHING): RealopsError {
  if (error instanceof RealopsError) return error;
  const code = codeOf(error);
  const place = placeOf(url);
  const told = (message: string, hint?: string): RealopsError => new RealopsError('REALOPS_CONNECTION', message, { cause: error, hint });
  if (/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/.test(code)) return new RealopsError('REALOPS_WITH_INVALID', `the request cannot be sent: ${textOf(error)}`, { cause: error, hint: 'check its headers' });
  const unparsable = error instanceof Error && error.name === 'HTTPParserError';
  if (unparsable || /^HPE_|^UND_ERR_(HEADERS_OVERFLOW|RES_CONTENT_LENGTH_MISMATCH)$/.test(code)) return new RealopsError('REALOPS_PROTOCOL', `${place} does not answer in proper HTTP: ${textOf(error)}${code === '' ? '' : ` (${code})`}`, { cause: error, hint: 'is this the port of another protocol?' });
  if (status > 0) return told(`${place} broke off in the middle of its answer (status ${status}, after ${bytes} bytes of the body)`, CRASHED);
  const known = SENTENCES[code];
  if (known !== undefined) return told(`${known.message.replace('PLACE', place).replace('HOST', url.hostname)} (${code})`, reused && known.hint === CRASHED ? REUSED : known.hint);
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') return told(`${place} does not speak TLS: ${textOf(error)}`, 'is this the port of plain HTTP?');
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return told(`the TLS certificate of ${place} was not accepted: ${textOf(error)} (${code})`, 'give its authority with tls: { ca: FILE }, or tls: { rejectUnauthorized: false } in a sandbox');
  return told(`no answer from ${place}: ${textOf(error)}${code === '' ? '' : ` (${code})`}`);
}

/** The host and port of a URL, with the default port filled in. */
export function placeOf(url: URL): string {
  return url.port === '' ? `${url.hostname}:${url.protocol === 'https:' || url.protocol === 'wss:' ? 443 : 80}` : url.host;
}

const CRASHED = 'the service may have crashed; look at its log';
const REUSED = 'the connection was kept alive from an earlier request: the service may have crashed, or it closes idle connections very early; retry: { attempts: 2, on: [connection] } covers the latter';
const ROUTE = 'check the network of this machine';

const SENTENCES: { readonly [code: string]: { readonly message: string; readonly hint: string } } = {
  ECONNREFUSED: { message: 'nothing listens on PLACE', hint: 'is the service running, and is the port right?' },
  ENOTFOUND: { message: 'the name HOST does not exist', hint: 'check the spelling of the target, or the DNS of this machine' },
  EAI_AGAIN: { message: 'the name HOST could not be looked up', hint: 'the DNS server of this machine does not answer' },
  ECONNRESET: { message: 'PLACE reset the connection', hint: CRASHED },
  EPIPE: { message: 'PLACE closed the connection while the request was sent', hint: CRASHED },
  UND_ERR_SOCKET: { message: 'PLACE closed the connection without an answer', hint: CRASHED },
  EHOSTUNREACH: { message: 'there is no route to PLACE', hint: ROUTE },
  ENETUNREACH: { message: 'there is no network to PLACE', hint: ROUTE },
  ETIMEDOUT: { message: 'the connection to PLACE timed out', hint: 'is a firewall in between?' },
};

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
