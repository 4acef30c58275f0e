import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, run } from '../../src/index.js';
import { readLedgerRecords } from '../../src/remedy/store.js';
import { checkHistory } from './history-checker.js';
import { knobServer, session, SUITE, type FailPoint, type KnobSystem, type Session } from './support.js';

const ROUNDS = 20;
const AT_ONCE = 4;

/** How a system stands before the session that is killed. */
interface Plot {
  readonly name: string;
  readonly what: Session['what'];
  /** The delay at the very beginning. */
  readonly delay: number;
  /** What the system is like. */
  readonly like: Partial<Pick<KnobSystem, 'illness' | 'touchy' | 'deaf'>>;
  /** Sessions before it that end in peace, or are killed at a point of their own. */
  readonly before: readonly (FailPoint | 'in peace')[];
}

const PLOTS: readonly Plot[] = [
  { name: 'a change that is kept', what: 'run', delay: 100, like: {}, before: [] },
  { name: 'a first attempt that does not help', what: 'run', delay: 300, like: {}, before: [] },
  { name: 'a second attempt that does not help, and both are taken back', what: 'run', delay: 300, like: {}, before: ['in peace'] },
  { name: 'a guard that gets worse', what: 'run', delay: 100, like: { touchy: true }, before: [] },
  { name: 'a write that changes nothing', what: 'run', delay: 100, like: { deaf: true }, before: [] },
  { name: 'a person who undoes it', what: 'undo', delay: 100, like: {}, before: ['in peace'] },
  { name: 'the recovery from a kill', what: 'run', delay: 100, like: {}, before: [{ name: 'after:applied', times: 1 }] },
];

let server: Awaited<ReturnType<typeof knobServer>>;
let folder: string;
let suiteFile: string;
beforeAll(async () => {
  server = await knobServer();
  folder = await mkdtemp(join(tmpdir(), 'realops-kill-'));
  suiteFile = join(folder, 'scenarios.yaml');
  await writeFile(suiteFile, SUITE);
});
afterAll(() => new Promise<void>((resolve) => void (server.server.closeAllConnections(), server.server.close(() => resolve()))));

/** A plot up to the session that is to be killed. */
interface Staged {
  readonly plot: Plot;
  readonly state: string;
  readonly system: KnobSystem;
  /** The fail points of that session. */
  readonly points: readonly FailPoint[];
}

async function stage(plot: Plot): Promise<Staged> {
  const state = join(folder, `${PLOTS.indexOf(plot)}-before`);
  const system = Object.assign(server.system(plot.delay), plot.like);
  for (const end of plot.before) await session({ suite: suiteFile, state, env: { BASE: system.base }, what: 'run', kill: end === 'in peace' ? undefined : end });
  const played = await copy({ plot, state, system, points: [] }, 'played');
  const { points, error } = await session({ suite: suiteFile, ...played.place, what: plot.what });
  expect(error).toBe('');
  return { plot, state, system, points };
}

/** The same ledger in another folder, before a system of its own in the same state. */
async function copy({ plot, state, system }: Staged, name: string): Promise<{ readonly place: { readonly state: string; readonly env: { readonly BASE: string } }; readonly system: KnobSystem }> {
  const own = join(folder, `${PLOTS.indexOf(plot)}-${name}`);
  if (plot.before.length > 0) await cp(state, own, { recursive: true });
  const other = Object.assign(server.system(system.delay), plot.like);
  other.writes.push(...system.writes);
  return { place: { state: own, env: { BASE: other.base } }, system: other };
}

async function round(staged: Staged, kill: FailPoint, number: number): Promise<readonly string[]> {
  const { plot } = staged;
  const { place, system } = await copy(staged, `${kill.name.replace(':', '-')}-${kill.times}-${number}`);
  // Where nothing came before, each round has numbers of its own.
  const offset = plot.before.length === 0 ? number : 0;
  system.delay += offset;
  const { signal, error } = await session({ suite: suiteFile, ...place, what: plot.what, kill });
  if (signal !== 'SIGKILL') return [`${plot.name}: it was not killed at ${kill.name} ${kill.times}: ${error}`];
  const suite = await load([suiteFile], { env: place.env });
  const broken: string[] = [];
  // Recovery alone first, then a session that may try again.
  for (const remediate of ['propose', 'apply'] as const) {
    const report = await run(suite, { state: place.state, reporters: [], remediate, seed: 1 }).report;
    if (report.outcome === 'could-not-run') broken.push(report.reason);
    broken.push(...checkHistory({ records: await readLedgerRecords(place.state), writes: system.writes, first: plot.delay + offset, last: system.delay }));
  }
  return broken.map((each) => `${plot.name}, killed at ${kill.name} ${kill.times}, round ${number}: ${each}`);
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value);
  }));
}

describe('kill -9', () => {
  it(`at every fail point, each at least ${ROUNDS} times, leaves a history that keeps every promise`, { timeout: 400_000 }, async () => {
    const staged = await Promise.all(PLOTS.map(stage));
    const places = staged.flatMap((each) => each.points.map((point) => ({ staged: each, point })));
    const names = [...new Set(places.map(({ point }) => point.name))].sort();
    expect(names).toEqual(['aborted', 'applied', 'failed', 'intent', 'loop', 'loop_end', 'passed', 'rollback', 'rolled_back', 'write'].flatMap((name) => [`after:${name}`, `before:${name}`]).sort());
    const rounds = places.flatMap((place) => Array.from({ length: Math.ceil(ROUNDS / places.filter(({ point }) => point.name === place.point.name).length) }, (_, number) => ({ ...place, number })));
    const broken: string[] = [];
    await inLanes(rounds, async ({ staged: each, point, number }) => void broken.push(...(await round(each, point, number))));
    expect(broken).toEqual([]);
    expect(rounds.length).toBeGreaterThanOrEqual(names.length * ROUNDS);
  });
});
