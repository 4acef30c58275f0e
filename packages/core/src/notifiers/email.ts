import { readFile } from 'node:fs/promises';
import type { Transporter } from 'nodemailer';
import { messageOf } from '../errors/index.js';
import { plainLine, plainText } from '../text/plain.js';
import { untilAborted } from '../time/index.js';
import { defineNotifier, RealopsError, type JsonObject, type NotifyMessage } from '../plugin.js';
import { requiredText, textOption, textsOption } from './options.js';

const address = { type: 'string', minLength: 3, pattern: '^[^\\r\\n]+@[^\\r\\n]+$' } as const;
const addresses = { oneOf: [address, { type: 'array', items: address, minItems: 1 }] } as const;

/** Sends a message as plain text through an SMTP server. Takes the package nodemailer, which is loaded when the first message is sent. */
export const email = defineNotifier({
  name: 'email',
  description: 'Sends the message as e-mail through SMTP (takes the package nodemailer).',
  with: {
    type: 'object',
    properties: {
      url: { type: 'string', minLength: 1, holds: 'target', description: 'smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the start; naming it here allows its host for this channel' },
      from: { ...address, description: 'The sender' },
      to: { ...addresses, description: 'One address or a list' },
      cc: { ...addresses, description: 'One address or a list' },
      tls: { enum: ['auto', 'required', 'off'], default: 'auto', description: 'auto: STARTTLS where it is offered, and required when there is a password and the host is not this machine' },
      ca: { type: 'string', holds: 'file', description: 'A PEM file with the authority of the server, where it is not a public one' },
    },
    required: ['url', 'from', 'to'],
  },
  async send(message, options, { signal, clock, log, target, file }) {
    const { createTransport } = await loadNodemailer();
    const url = target(requiredText(options, 'url'));
    const ca = textOption(options, 'ca');
    const transport = createTransport(transportOf(url, options, ca === undefined ? undefined : await readCa(file(ca))));
    const stop = (): void => transport.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      const sent = await untilAborted(deliver(transport, message, options, clock.wall()), signal);
      if (sent.length > 0) log.warn(`the mail server refused some receivers: ${sent.join(', ')}`);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw explain(error, url);
    } finally {
      signal.removeEventListener('abort', stop);
      transport.close();
    }
  },
});

/** Gives the receivers that the server refused while it took others. */
async function deliver(transport: Transporter, message: NotifyMessage, options: JsonObject, date: Date): Promise<readonly string[]> {
  const cc = textsOption(options, 'cc');
  const info: unknown = await transport.sendMail({
    from: requiredText(options, 'from'),
    to: [...textsOption(options, 'to')],
    ...(cc.length === 0 ? {} : { cc: [...cc] }),
    date,
    ...mailOf(message),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-RealOps-Suite': plainLine(message.suite), 'X-RealOps-Run': plainLine(message.runId) },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const rejected: unknown = typeof info === 'object' && info !== null && 'rejected' in info ? info.rejected : [];
  return Array.isArray(rejected) ? rejected.map(String) : [];
}

/** Subject and text of a mail. */
export function mailOf({ title, text, severity, state, suite, runId, fields }: NotifyMessage): { readonly subject: string; readonly text: string; readonly priority: 'high' | 'normal' } {
  const facts = [['suite', suite], ['run', runId], ...Object.entries(fields)].map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return {
    subject: `[${plainLine(suite)}] ${state === 'cleared' ? '' : `${severity}: `}${plainLine(title)}`,
    text: `${plainText(text)}\n\n${plainText(facts.join('\n'))}\n`,
    priority: severity === 'critical' && state === 'fired' ? 'high' : 'normal',
  };
}

function transportOf(url: URL, options: JsonObject, ca: string | undefined) {
  const secure = url.protocol === 'smtps:';
  if (!secure && url.protocol !== 'smtp:') throw new RealopsError('REALOPS_WITH_INVALID', `e-mail is sent through smtp:// or smtps://, not ${url.protocol}//`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const user = decodeURIComponent(url.username);
  const pass = decodeURIComponent(url.password);
  const tls = textOption(options, 'tls') ?? 'auto';
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return {
    host,
    port: url.port === '' ? (secure ? 465 : 25) : Number(url.port),
    secure,
    requireTLS: !secure && (tls === 'required' || (tls === 'auto' && user !== '' && !local)),
    ignoreTLS: !secure && tls === 'off',
    ...(user === '' ? {} : { auth: { user, pass } }),
    ...(ca === undefined ? {} : { tls: { ca } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `the authority of the mail server cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function loadNodemailer() {
  try {
    return await import('nodemailer');
  } catch (error) {
    throw new RealopsError('REALOPS_PACKAGE_MISSING', 'e-mail takes the package nodemailer, which is not installed', { cause: error, hint: 'npm install nodemailer@^10' });
  }
}

/** What the server said, with the code of SMTP: 4xx may pass, 5xx and wrong credentials will not. */
function explain(error: unknown, url: URL): RealopsError {
  if (error instanceof RealopsError) return error;
  const status = typeof error === 'object' && error !== null && 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : undefined;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const distrusted = /certificate|self.signed|altnames/i.test(messageOf(error));
  const refused = distrusted || (status === undefined ? code === 'EAUTH' || code === 'EENVELOPE' || code === 'ETLS' : status >= 500);
  const hint = distrusted ? 'give its authority with ca: FILE' : code === 'EAUTH' ? 'check the user and password of the channel' : code === 'ETLS' ? 'the server offers no TLS; tls: off sends in the open, which only a sandbox should' : undefined;
  return new RealopsError(refused ? 'REALOPS_NOTIFY_REFUSED' : 'REALOPS_NOTIFY_FAILED', `the mail server ${url.host} did not take the message: ${messageOf(error)}`, { cause: error, hint });
}
