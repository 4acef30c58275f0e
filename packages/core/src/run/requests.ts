import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN_PID } from '../journal/index.js';
import type { Ledger } from '../remedy/ledger.js';
import { isJsonObject, writeFileAtomic } from '../text/index.js';

/** What a person asks of the ledger: to count an issue as seen to, or to allow one change. */
export type LedgerRequest = { readonly kind: 'ack'; readonly issue: string; readonly by: string } | { readonly kind: 'approve'; readonly digest: string; readonly by: string; readonly until: number };

function folderOf(state: string): string {
  return join(state, 'requests');
}

/** Makes the names of requests differ that one process leaves within a millisecond. */
let left = 0;

/** Leaves a request for the process that holds the ledger; it is taken up at its next step, once. */
export async function leaveRequest(state: string, request: LedgerRequest, at: number): Promise<void> {
  const id = `${String(at).padStart(15, '0')}-${OWN_PID}-${(left += 1)}`;
  await writeFileAtomic(join(folderOf(state), `${id}.json`), JSON.stringify(request));
}

/** Puts a request into the ledger. */
export async function recordRequest(ledger: Ledger, request: LedgerRequest): Promise<void> {
  await ledger.append(recordOf(request));
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
