import { RealopsError } from '../../plugin.js';

/** Why there was no (whole) answer, in plain words. */
export function explainConnection(error: unknown, url: URL, status: number): RealopsError {
  const code = codeOf(error);
  const place = url.host === '' ? url.href : url.host.includes(':') ? url.host : `${url.host}:${url.protocol === 'https:' || url.protocol === 'wss:' ? 443 : 80}`;
  const told = (message: string, hint?: string): RealopsError => new RealopsError('REALOPS_CONNECTION', message, { cause: error, hint });
  const known = code === undefined ? undefined : SENTENCES[code];
  if (known !== undefined) return told(known[0].replace('PLACE', place).replace('HOST', url.hostname), known[1]);
  if (code !== undefined && /CERT|TLS|SSL|ALTNAME|SIGNATURE/.test(code)) return told(`the TLS certificate of ${place} was not accepted: ${textOf(error)}`, 'give its authority with tls: { ca: FILE }, or tls: { rejectUnauthorized: false } in a sandbox');
  if (code !== undefined && /HPE_|HTTPParser/.test(`${code}${error instanceof Error ? error.name : ''}`)) return new RealopsError('REALOPS_PROTOCOL', `${place} does not answer in HTTP: ${textOf(error)}`, { cause: error, hint: 'is this the port of another protocol?' });
  if (status > 0) return told(`${place} broke off in the middle of its answer (status ${status}): ${textOf(error)}`);
  return told(`no answer from ${place}: ${textOf(error)}`);
}

const SENTENCES: { readonly [code: string]: readonly [message: string, hint: string] } = {
  ECONNREFUSED: ['nothing listens on PLACE', 'is the service running, and is the port right?'],
  ENOTFOUND: ['the name HOST does not exist', 'check the spelling of the target, or the DNS of this machine'],
  EAI_AGAIN: ['the name HOST could not be looked up', 'the DNS server does not answer'],
  ECONNRESET: ['PLACE reset the connection', 'the service may have crashed; look at its log'],
  EPIPE: ['PLACE closed the connection while the request was sent', 'the service may have crashed; look at its log'],
  UND_ERR_SOCKET: ['PLACE closed the connection before it had answered in full', 'the service may have crashed; look at its log'],
  EHOSTUNREACH: ['there is no route to PLACE', 'check the network of this machine'],
  ENETUNREACH: ['there is no network to PLACE', 'check the network of this machine'],
  ETIMEDOUT: ['the connection to PLACE timed out', 'is a firewall in between?'],
};

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
