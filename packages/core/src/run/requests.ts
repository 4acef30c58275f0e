import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RealopsError } from '../errors/index.js';
import { OWN_PID } from '../journal/index.js';
import type { Ledger } from '../remedy/ledger.js';
import { openLedger } from '../remedy/store.js';
import { isJsonObject, writeFileAtomic } from '../text/index.js';
import type { Clock } from '../time/index.js';

/** What a person asks of the ledger: to count an issue as seen to, or to allow one change. */
export type LedgerRequest = { readonly kind: 'ack'; readonly issue: string; readonly by: string } | { readonly kind: 'approve'; readonly digest: string; readonly by: string; readonly until: number };

function folderOf(state: string): string {
  return join(state, 'requests');
}

/** Leaves a request for the process that holds the ledger; it is taken up at its next step, once. */
async function leaveRequest(state: string, request: LedgerRequest, at: number): Promise<void> {
  const id = `${String(at).padStart(15, '0')}-${randomBytes(4).toString('hex')}`;
  await writeFileAtomic(join(folderOf(state), `${id}.json`), JSON.stringify(request));
}

/** Puts a request into the ledger at once, or leaves it for the process that holds it. Gives whether it is recorded already. */
export async function askLedger(state: string, request: LedgerRequest, clock: Clock, owner: string): Promise<boolean> {
  try {
    await using held = await openLedger({ folder: state, clock, owner, pid: OWN_PID });
    await held.ledger.append(recordOf(request));
    return true;
  } catch (error) {
    if (!(error instanceof RealopsError) || error.code !== 'REALOPS_LEDGER_BUSY') throw error;
    await leaveRequest(state, request, clock.wall().getTime());
    return false;
  }
}

/** Puts waiting requests into the ledger, oldest first. A request that was recorded before a crash is not recorded again. Gives how many there were. */
export async function takeRequests(state: string, ledger: Ledger): Promise<number> {
  await mkdir(folderOf(state), { recursive: true });
  const names = (await readdir(folderOf(state))).filter((name) => name.endsWith('.json')).sort();
  for (const name of names) {
    const file = join(folderOf(state), name);
    const request = asRequest(await readFile(file, 'utf8').catch(() => ''));
    const id = name.slice(0, -'.json'.length);
    if (request !== undefined && !ledger.state().requests.has(id)) await ledger.append(recordOf(request, id));
    await rm(file, { force: true });
  }
  return names.length;
}

/** The record of a request. */
function recordOf(request: LedgerRequest, id?: string): Parameters<Ledger['append']>[0] {
  const mark = id === undefined ? {} : { request: id };
  if (request.kind === 'ack') return { type: 'ack', issue: request.issue, by: request.by, ...mark };
  return { type: 'approved', digest: request.digest, by: request.by, until: request.until, ...mark };
}

function asRequest(text: string): LedgerRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || typeof value['by'] !== 'string') return undefined;
  const { kind, issue, digest, by, until } = value;
  if (kind === 'ack' && typeof issue === 'string') return { kind, issue, by };
  return kind === 'approve' && typeof digest === 'string' && typeof until === 'number' ? { kind, digest, by, until } : undefined;
}
