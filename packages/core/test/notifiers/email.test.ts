import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { email, mailOf } from '../../src/notifiers/email.js';
import { mailServer } from './mail-server.js';
import { MESSAGE, send } from './support.js';

const ENDS = { from: 'RealOps <ops@alice.example>', to: ['a@alice.example', 'b@alice.example'] };

describe('email', () => {
  it('sends a message with its severity, and says that no person wrote it', async () => {
    const { place, mails } = await mailServer();
    await send(email, { url: `smtp://bot:${encodeURIComponent('p@ss/word')}@${place}`, ...ENDS, cc: 'c@alice.example' });
    expect(mails).toMatchObject([{ from: 'ops@alice.example', to: ['a@alice.example', 'b@alice.example', 'c@alice.example'], user: 'bot' }]);
    const text = mails[0]?.text ?? '';
    expect(text).toMatch(/^Subject: \[alice\] critical: Alert: Guardian emergency\r$/m);
    expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(text).toMatch(/^X-Realops-Run: 20261123_1200\r$/m);
    expect(text).toContain("`metrics.guardian.state.last = 'EMERGENCY'` has held for 10 s");
    expect(text).toContain('report: runs/20261123_1200/report.html');
  });

  it('lets no line end of a message become a header', async () => {
    const { place, mails } = await mailServer();
    await send(email, { url: `smtp://${place}`, ...ENDS }, { message: { ...MESSAGE, title: 'x\r\nBcc: evil@example.com', suite: 'a\r\nX-Evil: 1' } });
    expect(mails[0]?.to).toEqual(ENDS.to);
    expect(mails[0]?.text.split('\r\n\r\n')[0]).not.toMatch(/^(?:Bcc|X-Evil):/m);
    expect(mailOf({ ...MESSAGE, state: 'cleared', title: 'Cleared: x' })).toMatchObject({ subject: '[alice] Cleared: x', priority: 'normal' });
  });

  it('tells what may pass from what will not', async () => {
    const { place } = await mailServer({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('full') ? Object.assign(new Error('mailbox full'), { responseCode: 452 }) : address.startsWith('gone') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null),
    });
    const sending = (extra: object, user = ''): Promise<unknown> => send(email, { url: `smtp://${user}${place}`, ...ENDS, ...extra }).then(() => 'sent', (error: unknown) => error);
    expect(await sending({}, 'bot:wrong@')).toMatchObject({ code: 'REALOPS_NOTIFY_REFUSED', hint: 'check the user and password of the channel' });
    expect(await sending({ to: 'gone@alice.example' })).toMatchObject({ code: 'REALOPS_NOTIFY_REFUSED', message: expect.stringContaining('no such user') });
    expect(await sending({ to: 'full@alice.example' })).toMatchObject({ code: 'REALOPS_NOTIFY_FAILED', message: expect.stringContaining('mailbox full') });
    const warnings: string[] = [];
    await send(email, { url: `smtp://${place}`, ...ENDS, to: ['gone@alice.example', 'a@alice.example'] }, { warnings });
    expect(warnings).toEqual(['the mail server refused some receivers: gone@alice.example']);
  });

  it('does not send in the open when TLS is required, and needs a server that answers', async () => {
    const { place, mails } = await mailServer();
    await expect(send(email, { url: `smtp://${place}`, ...ENDS, tls: 'required' })).rejects.toMatchObject({ code: 'REALOPS_NOTIFY_REFUSED', hint: expect.stringContaining('no TLS') });
    expect(mails).toEqual([]);
    await expect(send(email, { url: 'smtp://127.0.0.1:1', ...ENDS })).rejects.toMatchObject({ code: 'REALOPS_NOTIFY_FAILED', message: expect.stringContaining('127.0.0.1:1') });
    await expect(send(email, { url: `http://${place}`, ...ENDS })).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID' });
  });

  it('trusts no certificate that nobody vouches for', async () => {
    const { place, mails } = await mailServer({ disabledCommands: [] });
    await expect(send(email, { url: `smtp://${place}`, ...ENDS })).rejects.toMatchObject({ code: 'REALOPS_NOTIFY_REFUSED', hint: 'give its authority with ca: FILE' });
    await send(email, { url: `smtp://${place}`, ...ENDS, tls: 'off' });
    expect(mails.length).toBe(1);
  });

  it('ends with its signal while the server is silent', async () => {
    const { place } = await mailServer({ onMailFrom: () => undefined });
    await expect(send(email, { url: `smtp://${place}`, ...ENDS }, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('says what to install when nodemailer is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'realops-email-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await build({ entryPoints: [join(import.meta.dirname, '../../src/notifiers/email.ts')], outfile: join(folder, 'email.mjs'), bundle: true, format: 'esm', platform: 'node', external: ['nodemailer'], logLevel: 'silent' });
    await writeFile(join(folder, 'try.mjs'), "import { email } from './email.mjs';\nawait email.send({}, {}, {}).catch(({ code, message, hint }) => console.log(JSON.stringify({ code, message, hint })));\n");
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'try.mjs')], { timeout: 10_000 });
    expect(JSON.parse(stdout)).toEqual({ code: 'REALOPS_PACKAGE_MISSING', message: 'e-mail takes the package nodemailer, which is not installed', hint: 'npm install nodemailer@^10' });
  });
});
