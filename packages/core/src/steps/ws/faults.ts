import { RealopsError } from '../../plugin.js';
import { explainConnection, placeOf } from '../http/faults.js';

/** Why a socket could not be opened or broke, in plain words. */
export function explainSocket(error: Error, url: URL, maxMessageBytes: number): RealopsError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const place = placeOf(url);
  const protocol = (message: string, hint?: string): RealopsError => new RealopsError('REALOPS_PROTOCOL', message, { cause: error, hint });
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return protocol(`${place} sent a message larger than ${maxMessageBytes} bytes`, 'raise maxMessageBytes if that is expected');
  if (code.startsWith('WS_ERR')) return protocol(`${place} broke the WebSocket protocol: ${error.message}`);
  if (/sec-websocket|upgrade header|subprotocol/i.test(error.message)) return protocol(`${place} did not accept the WebSocket: ${error.message}`, 'check path and protocols');
  if (code === '' && /socket hang up/i.test(error.message)) return explainConnection(Object.assign(error, { code: 'UND_ERR_SOCKET' }), url);
  return explainConnection(error, url);
}

/** The other side closed. */
export function closedError(url: URL, code: number, reason: string): RealopsError {
  const how = code === 1006 ? 'broke off without a close (code 1006)' : `closed the socket (code ${code}${reason === '' ? '' : `, ${JSON.stringify(reason)}`})`;
  return new RealopsError('REALOPS_CONNECTION', `${placeOf(url)} ${how}`);
}

/** An upgrade was answered with HTTP. */
export function refusedUpgrade(url: URL, status: number, body: string): RealopsError {
  return new RealopsError('REALOPS_PROTOCOL', `${placeOf(url)}${url.pathname} answered the upgrade with HTTP ${status}${body === '' ? '' : `: ${JSON.stringify(body)}`}`, { hint: 'is the path right, and does it speak WebSocket?' });
}
