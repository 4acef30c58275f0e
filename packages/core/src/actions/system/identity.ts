import { readdir, readFile, stat } from 'node:fs/promises';
import { RealopsError } from '../../plugin.js';
import { messageOf } from '../../errors/index.js';
import { ownIds, sendSignal } from './processes.js';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in ticks since the machine did; null where the system does not tell. */
  readonly started: number | null;
}

/** What the system tells of a process. */
interface ProcessFacts extends ProcessIdentity {
  readonly state: string;
  readonly parent: number;
  readonly group: number;
}

/** Ticks in a second of the process table; the same on every Linux that Node.js runs on. */
const TICKS = 100;
/** How far the clock may have been put right since a process started. */
const SLACK_S = 10;

/**
 * The process whose number stands in a file, or undefined when it is not running (no file, nothing behind the number, or a later process with its number).
 * @throws RealopsError REALOPS_PROCESS_REFUSED for a number that may not be touched, or a file without one
 */
export async function processOfPidFile(file: string): Promise<ProcessIdentity | undefined> {
  let text: string;
  let written: number;
  try {
    [text, written] = [await readFile(file, 'utf8'), (await stat(file)).mtimeMs];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new RealopsError('REALOPS_PROCESS_REFUSED', `the pid file ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  const [word = ''] = text.trim().split(/\s+/);
  if (!/^\d{1,10}$/.test(word)) throw new RealopsError('REALOPS_PROCESS_REFUSED', `the pid file ${file} holds ${JSON.stringify(text.slice(0, 40))}, which is not the number of a process`);
  const found = await identify(Number(word));
  if (found === undefined) return undefined;
  await refuseOwn(found.pid);
  // The file is written by or after the process it names, so a younger process has only inherited the number.
  return found.started !== null && (await wallOf(found.started)) > written / 1_000 + SLACK_S ? undefined : found;
}

/**
 * The one process whose command line holds a text; undefined when there is none. Our own and those that started us never match.
 * @throws RealopsError REALOPS_PROCESS_REFUSED when several match, or the system has no process table to look into
 */
export async function processOfCommand(match: string): Promise<ProcessIdentity | undefined> {
  const own = await ancestors();
  let names: readonly string[];
  try {
    names = await readdir('/proc');
  } catch (error) {
    throw new RealopsError('REALOPS_PROCESS_REFUSED', 'this system does not list its processes under /proc', { cause: error, hint: 'name the process by its pidFile' });
  }
  const found: ProcessIdentity[] = [];
  for (const name of names) {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || own.has(pid)) continue;
    const line = (await readOrEmpty(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ');
    if (!line.includes(match)) continue;
    const identity = await identify(pid);
    if (identity !== undefined) found.push(identity);
  }
  if (found.length > 1) throw new RealopsError('REALOPS_PROCESS_REFUSED', `${found.length} processes have ${JSON.stringify(match)} in their command line: ${found.map(({ pid }) => pid).join(', ')}`, { hint: 'match more of it, or name the process by its pidFile' });
  return found[0];
}

/** The process with a number, when it runs. One that has ended and waits to be collected does not. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (pid <= 1) throw new RealopsError('REALOPS_PROCESS_REFUSED', `process ${pid} may not be touched`, { hint: 'numbers above 1 only' });
  const facts = await factsOf(pid);
  if (facts !== undefined) return facts.state === 'Z' || facts.state === 'X' ? undefined : { pid, started: facts.started };
  return (await hasProcessTable()) || !sendSignal(pid, 0) ? undefined : { pid, started: null };
}

/** Whether it still runs. */
export async function isRunning({ pid, started }: ProcessIdentity): Promise<boolean> {
  const now = await identify(pid);
  return now !== undefined && now.started === started;
}

/** The process group that a process leads; undefined when it belongs to another one's, or to ours. */
export async function ownGroupOf({ pid }: ProcessIdentity): Promise<number | undefined> {
  const facts = await factsOf(pid);
  return facts?.group === pid ? pid : undefined;
}

/** The environment a process was started with; undefined when the system does not show it to us. */
export async function environmentOf({ pid }: ProcessIdentity): Promise<{ readonly [name: string]: string } | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return undefined;
  }
  return Object.fromEntries(text.split('\0').flatMap((entry): [string, string][] => (entry.indexOf('=') < 1 ? [] : [[entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]])));
}

/**
 * Refuses our own process, those that started it, and members of our process group, which the signals of a terminal reach together with us.
 * @throws RealopsError REALOPS_PROCESS_REFUSED
 */
export async function refuseOwn(pid: number): Promise<void> {
  const [own = 0] = ownIds();
  const why = pid <= 1 ? 'is not a service' : pid === own ? 'is RealOps itself' : (await ancestors()).has(pid) ? 'started RealOps' : undefined;
  const group = why === undefined ? (await factsOf(pid))?.group : undefined;
  const reason = why ?? (group !== undefined && group === (await factsOf(own))?.group ? 'is in the process group of RealOps' : undefined);
  if (reason !== undefined) throw new RealopsError('REALOPS_PROCESS_REFUSED', `process ${pid} ${reason}; it is left alone`, { hint: 'does the pid file belong to the service? it must run in a session of its own (setsid)' });
}

async function ancestors(): Promise<ReadonlySet<number>> {
  const seen = new Set<number>(ownIds());
  for (let pid = ownIds()[1] ?? 0; pid > 1; ) {
    seen.add(pid);
    pid = (await factsOf(pid))?.parent ?? 0;
  }
  return seen;
}

async function factsOf(pid: number): Promise<ProcessFacts | undefined> {
  const text = await readOrEmpty(`/proc/${pid}/stat`);
  // The name, in brackets, may hold blanks and brackets itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (text === '') return undefined;
  return { pid, state: fields[0] ?? '', parent: Number(fields[1]), group: Number(fields[2]), started: Number(fields[19]) };
}

/** A time in ticks since the start of the machine as seconds since 1970. */
async function wallOf(ticks: number): Promise<number> {
  const [, boot = '0'] = /^btime (\d+)$/m.exec(await readOrEmpty('/proc/stat')) ?? [];
  return Number(boot) + ticks / TICKS;
}

async function hasProcessTable(): Promise<boolean> {
  return (await readOrEmpty('/proc/stat')) !== '';
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
