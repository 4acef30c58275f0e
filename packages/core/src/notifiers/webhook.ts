import { createHash, createHmac } from 'node:crypto';
import { defineNotifier, type NotifyMessage } from '../plugin.js';
import { recordOption, requiredText, textOption } from './options.js';
import { postJson } from './post.js';

/**
 * Posts a message as JSON: `{ version: 1, title, text, severity, state, alerts: [{ id, state, severity, since, evidence }], suite, run_id, fields }`.
 * `Idempotency-Key` is the same for repeated deliveries of one message. With `signingSecret`, `X-RealOps-Signature: sha256=HEX` is the HMAC of the body.
 */
export const webhook = defineNotifier({
  name: 'webhook',
  description: 'Posts the message as JSON to a URL; signed, if asked to.',
  with: {
    type: 'object',
    properties: {
      url: { type: 'string', minLength: 1, holds: 'target', description: 'A target name, or any URL: naming it here allows its host for this channel. Redirects are not followed' },
      headers: { type: 'object', properties: {}, additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] }, description: 'Further headers, e.g. authorization' },
      signingSecret: { type: 'string', minLength: 1, description: 'Signs the body: x-realops-signature is sha256= and the HMAC in hex' },
    },
    required: ['url'],
  },
  async send(message, options, context) {
    const body = webhookBody(message);
    const secret = textOption(options, 'signingSecret');
    const signature = secret === undefined ? {} : { 'x-realops-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    const key = createHash('sha256').update(body).digest('hex').slice(0, 32);
    await postJson({ url: requiredText(options, 'url'), body, headers: { 'idempotency-key': key, ...recordOption(options, 'headers'), ...signature } }, context);
  },
});

/** A message as the JSON that webhooks and files get; one line. */
export function webhookBody({ title, text, severity, state, alerts, suite, runId, fields }: NotifyMessage): string {
  return JSON.stringify({ version: 1, title, text, severity, state, alerts, suite, run_id: runId, fields });
}
