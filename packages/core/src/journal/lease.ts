import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { RealopsError } from '../errors/index.js';
import { isJsonObject, writeFileAtomic } from '../text/index.js';
import type { Clock } from '../time/index.js';

/** The right of one process to write, until it gives it back or dies. */
export interface Lease extends AsyncDisposable {
  /** Grows with every lease; a writer with a smaller one has lost its right. */
  readonly token: number;
  /** @throws RealopsError REALOPS_LEDGER_BUSY when the lease is another's by now. */
  assertHeld(): Promise<void>;
}

/** Who holds a lease. */
export interface LeaseHolder {
  readonly id: string;
  readonly pid: number;
  /** When the process was started, in ticks since boot; tells a process from a later one with the same number. Null where the system does not say. */
  readonly started: string | null;
  readonly host: string;
  readonly owner: string;
  readonly since: string;
  readonly token: number;
}

/** How a lease is asked for. */
export interface AcquireLeaseOptions {
  readonly file: string;
  readonly clock: Clock;
  /** What holds it, for people: `loop of alice`. */
  readonly owner: string;
  readonly pid: number;
}

const TRIES = 50;
/** Tells the leases of one process apart. */
let taken = 0;

/**
 * Takes the lease, also over a holder that is dead. The lock file is linked into its place, which only one of several starters can do.
 * @throws RealopsError REALOPS_LEDGER_BUSY when a living process holds it.
 */
export async function acquireLease({ file, clock, owner, pid }: AcquireLeaseOptions): Promise<Lease> {
  await mkdir(dirname(file), { recursive: true });
  const started = await startOf(pid);
  const id = `${pid}-${started ?? '0'}-${(taken += 1)}`;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const held = await readHolder(file);
    if (held !== undefined && (await isAlive(held))) throw busy(held);
    const takeover = `${file}.takeover`;
    if (held !== undefined && !(await removeDead(file, takeover, held))) {
      // Another starter is at it; one that died over it must not stand in the way for ever.
      if (tries === TRIES - 10) await rm(`${takeover}-${held.id}`, { force: true });
      await clock.sleep(5, new AbortController().signal);
      continue;
    }
    const token = Math.max(await readToken(file), held?.token ?? 0) + 1;
    const holder: LeaseHolder = { id, pid, started, host: hostname(), owner, since: clock.wall().toISOString(), token };
    const candidate = `${file}.${id}`;
    await writeFile(candidate, JSON.stringify(holder), { flush: true });
    try {
      await link(candidate, file);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
      throw error;
    } finally {
      await rm(candidate, { force: true });
    }
    await writeFileAtomic(tokenFile(file), String(token));
    return leaseOf(file, holder);
  }
  const held = await readHolder(file);
  throw held === undefined ? new RealopsError('REALOPS_LEDGER_BUSY', `${file} could not be taken: others keep taking it`) : busy(held);
}

/** Who holds the lease now; undefined when nobody does, or only a dead process. */
export async function currentHolder(file: string): Promise<LeaseHolder | undefined> {
  const held = await readHolder(file);
  return held !== undefined && (await isAlive(held)) ? held : undefined;
}

function leaseOf(file: string, holder: LeaseHolder): Lease {
  return {
    token: holder.token,
    async assertHeld() {
      const held = await readHolder(file);
      if (held?.id !== holder.id) throw held === undefined ? new RealopsError('REALOPS_LEDGER_BUSY', `${file} was taken away from this process`) : busy(held);
    },
    async [Symbol.asyncDispose]() {
      if ((await readHolder(file))?.id === holder.id) await rm(file, { force: true });
    },
  };
}

/** Removes the lock of a dead process; several starters may see it, so they agree by a second link who does. */
async function removeDead(file: string, takeover: string, dead: LeaseHolder): Promise<boolean> {
  try {
    await link(file, `${takeover}-${dead.id}`);
  } catch {
    return false;
  }
  try {
    // Between reading and linking another may have taken over already: then the link is to that one, and nothing is removed.
    if ((await readHolder(`${takeover}-${dead.id}`))?.id === dead.id && (await readHolder(file))?.id === dead.id) await rm(file, { force: true });
    return true;
  } finally {
    await rm(`${takeover}-${dead.id}`, { force: true });
  }
}

function tokenFile(file: string): string {
  return `${file}.token`;
}

async function readToken(file: string): Promise<number> {
  const token = Number(await readFile(tokenFile(file), 'utf8').catch(() => '0'));
  return Number.isSafeInteger(token) && token > 0 ? token : 0;
}

async function readHolder(file: string): Promise<LeaseHolder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  const { id, pid, started, host, owner, since, token } = value;
  if (typeof id !== 'string' || typeof pid !== 'number' || typeof host !== 'string' || typeof owner !== 'string' || typeof since !== 'string' || typeof token !== 'number') return undefined;
  return { id, pid, started: typeof started === 'string' ? started : null, host, owner, since, token };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a holder lives. A holder on another machine cannot be asked and is taken to live. */
async function isAlive({ pid, started, host }: LeaseHolder): Promise<boolean> {
  if (host !== hostname()) return true;
  const now = await startOf(pid);
  return now !== null && now === started;
}

const run = promisify(execFile);

/** When a process was started: ticks since boot from /proc, or what `ps` says where there is no /proc. Null when there is no such process. */
async function startOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  if (existsSync('/proc/self')) return null;
  const said = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { timeout: 5_000 }).catch(() => undefined);
  return said === undefined || said.stdout.trim() === '' ? null : said.stdout.trim();
}

function busy({ pid, host, owner, since }: LeaseHolder): RealopsError {
  return new RealopsError('REALOPS_LEDGER_BUSY', `process ${pid} on ${host} (${owner}) has held the ledger since ${since}`, { hint: 'wait for it or stop it; only one may change a system at a time' });
}
