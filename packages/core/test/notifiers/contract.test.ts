import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { builtInNotifiers } from '../../src/notifiers/index.js';
import { checkNotifier, type NotifierCases } from '../../src/testing/notifier-contract.js';
import { mailServer } from './mail-server.js';
import { receiver } from './support.js';

const openHandles = (): readonly string[] => process.getActiveResourcesInfo();

/** A place where connections are taken and nothing is ever said. */
async function silence(): Promise<string> {
  const server = createServer((socket) => void socket.on('error', () => undefined).resume());
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What both that post JSON are tried with; their URL is the secret. */
async function posted(more: Partial<NotifierCases>): Promise<NotifierCases> {
  const [taking, refusing] = [await receiver(), await receiver((response) => void response.writeHead(403).end('no_service'))];
  return {
    openHandles, options: { url: taking.url }, received: () => taking.got.map(({ body }) => body), refuses: { options: { url: refusing.url } }, absent: { options: { url: 'http://bot:s3cr3t@127.0.0.1:1/hook/T0K3N?key=k3y' } },
    hangs: { options: { url: `http://bot:s3cr3t@${await silence()}/hook/T0K3N` } }, secrets: ['s3cr3t', 'T0K3N', 'k3y', 's3cret'], wrongOptions: [{}, { url: 5 }], ...more,
  };
}

describe('the contract of notifiers', () => {
  const cases: { readonly [name: string]: () => Promise<NotifierCases> } = {
    webhook: async () => posted({}),
    slack: async () => posted({ markup: 'slack' }),
    async email() {
      const { place, mails } = await mailServer({ onRcptTo: ({ address }, _session, done) => done(address.startsWith('gone') ? Object.assign(new Error('no such user'), { responseCode: 550 }) : null) });
      const options = { url: `smtp://bot:${encodeURIComponent('p@ss/word')}@${place}`, from: 'RealOps <ops@alice.example>', to: 'a@alice.example' };
      return {
        openHandles, options, received: () => mails.map(({ text, to }) => `Envelope-${to.join('-').replaceAll(/[^a-z-]/g, '')}: all\r\n${text}`), refuses: { options: { ...options, to: 'gone@alice.example' } }, absent: { options: { ...options, url: 'smtp://bot:s3cr3t@127.0.0.1:1' } },
        hangs: { options: { ...options, url: `smtp://bot:s3cr3t@${await silence()}` } }, secrets: ['p@ss/word', 's3cr3t'], wrongOptions: [{ ...options, to: 'a@alice.example\r\nBcc: b@alice.example' }, { ...options, url: 'http://alice.example' }],
      };
    },
    async file() {
      const folder = await mkdtemp(join(tmpdir(), 'realops-notify-'));
      onTestFinished(() => rm(folder, { recursive: true, force: true }));
      await mkdir(join(folder, 'taken'));
      await writeFile(join(folder, 'plain'), '');
      const received = async (): Promise<readonly string[]> => (await readFile(join(folder, 'made/alerts.jsonl'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
      return { openHandles, options: { path: 'made/alerts.jsonl' }, use: { files: folder }, received, refuses: { options: { path: 'taken' } }, absent: { options: { path: 'plain/alerts.jsonl' } }, wrongOptions: [{}, { path: '' }] };
    },
  };

  it('has cases for every built-in notifier', () => expect(Object.keys(cases).sort()).toEqual(builtInNotifiers.map(({ name }) => name).sort()));

  for (const type of builtInNotifiers) {
    it(`is kept by ${type.name}`, async () => {
      const given = await cases[type.name]?.();
      if (given === undefined) throw new Error('no cases');
      expect(await checkNotifier(type, given)).toEqual([]);
    });
  }
});
