import { createHmac } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { file } from '../../src/notifiers/file.js';
import { slack, slackBody, slackText } from '../../src/notifiers/slack.js';
import { MESSAGE, receiver, send } from './support.js';
import { webhook } from '../../src/notifiers/webhook.js';

const BODY = { version: 1, title: MESSAGE.title, text: MESSAGE.text, severity: 'critical', state: 'fired', alerts: MESSAGE.alerts, suite: 'alice', run_id: '20261123_1200', fields: MESSAGE.fields };

describe('webhook', () => {
  it('posts the message as JSON, with headers and a signature of exactly what is sent', async () => {
    const { url, got } = await receiver();
    await send(webhook, { url, headers: { authorization: 'Bearer t0ken' }, signingSecret: 'k3y' });
    await send(webhook, { url: 'sink', headers: {} }, { targets: { sink: url } });
    const [first, second] = got;
    expect(JSON.parse(first?.body ?? '')).toEqual(BODY);
    expect(first).toMatchObject({ path: '/hook/s3cret', headers: { 'content-type': 'application/json; charset=utf-8', authorization: 'Bearer t0ken', 'x-realops-signature': `sha256=${createHmac('sha256', 'k3y').update(first?.body ?? '').digest('hex')}` } });
    expect(second?.headers['x-realops-signature']).toBeUndefined();
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  it('tells what may pass from what will not', async () => {
    const answering = async (status: number, text: string): Promise<unknown> => {
      const { url } = await receiver((response) => void response.writeHead(status).end(text));
      return send(webhook, { url }).then(() => 'sent', (error: unknown) => error);
    };
    expect(await answering(202, '')).toBe('sent');
    expect(await answering(503, 'upstream is restarting')).toMatchObject({ code: 'REALOPS_NOTIFY_FAILED', message: 'the receiver answered with status 503: "upstream is restarting"' });
    expect(await answering(429, '')).toMatchObject({ code: 'REALOPS_NOTIFY_FAILED' });
    expect(await answering(404, 'no_service')).toMatchObject({ code: 'REALOPS_NOTIFY_REFUSED', hint: 'the address may have been revoked' });
  });

  it('follows no redirect, neither elsewhere nor to the same host', async () => {
    const other = await receiver();
    const { url } = await receiver((response) => void response.writeHead(307, { location: other.url }).end());
    await expect(send(webhook, { url })).rejects.toMatchObject({ code: 'REALOPS_NOTIFY_REFUSED', message: 'the receiver redirects (status 307), and messages follow no redirects' });
    expect(other.got).toEqual([]);
  });

  it('says when nobody listens', async () => {
    await expect(send(webhook, { url: 'http://127.0.0.1:1/hook' })).rejects.toMatchObject({ code: 'REALOPS_CONNECTION' });
  });
});

describe('slack', () => {
  it('posts a body that shows everything as written and wakes nobody it should not', async () => {
    const { url, got } = await receiver();
    await send(slack, { url, channel: '#ops', username: 'RealOps' });
    const body = JSON.parse(got[0]?.body ?? '') as { readonly attachments: readonly { readonly text: string }[] };
    expect(body).toMatchObject({
      channel: '#ops',
      username: 'RealOps',
      text: '[critical] Alert: Guardian emergency',
      attachments: [{ color: '#c4314b', fallback: '[critical] Alert: Guardian emergency', fields: [{ title: 'suite', value: 'alice', short: true }, { title: 'run', value: '20261123_1200' }, { title: 'report', value: 'runs/20261123_1200/report.html' }] }],
    });
    expect(body.attachments[0]?.text).toContain('&lt;!channel&gt; said "stop" &amp; @\u2060all of it');
  });

  it('has a colour for what is over and keeps within what receivers show', () => {
    expect(slackBody({ ...MESSAGE, state: 'cleared', title: 'Cleared: x' })).toMatchObject({ text: 'Cleared: x', attachments: [{ color: '#2e7d32' }] });
    expect((slackBody({ ...MESSAGE, text: '🙂'.repeat(9_000) }).attachments[0] as { text: string }).text.length).toBeLessThan(3_600);
    expect(slackText('mail a@allied.example and @here')).toBe('mail a@allied.example and @\u2060here');
  });
});

describe('file', () => {
  it('appends whole lines, after one that broke off too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'realops-notify-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await send(file, { path: 'made/alerts.jsonl' }, { folder });
    await appendFile(join(folder, 'made/alerts.jsonl'), '{"sent":"broken');
    await send(file, { path: 'made/alerts.jsonl' }, { folder });
    const lines = (await readFile(join(folder, 'made/alerts.jsonl'), 'utf8')).split('\n');
    expect(lines.map((line) => line.slice(0, 8))).toEqual(['{"sent":', '{"sent":', '{"sent":', '']);
    expect(JSON.parse(lines[2] ?? '')).toEqual({ sent: expect.stringMatching(/^\d{4}-.*Z$/), ...BODY });
  });
});
