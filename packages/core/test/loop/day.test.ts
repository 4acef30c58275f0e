import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { load, loop, viewLedger, type LoopStatus } from '../../src/index.js';
import { manualClock, type ManualClock } from '../../src/time/manual-clock.js';
import { loopSuite, loopSuiteText, slowSystem } from './support.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Lets simulated time pass whenever nothing real is under way, until the loop has ended. */
async function live(clock: ManualClock, status: () => LoopStatus, ended: Promise<unknown>, at: (now: number) => void): Promise<void> {
  let over = false;
  void ended.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    const before = status();
    // Real sockets need real turns of the event loop; a loop that stands still in a wait of its own is moved on.
    for (let turns = 0; turns < 8; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    if (status() !== before) continue;
    await new Promise((resolve) => setTimeout(resolve, status().state === 'waiting' ? 0 : 2));
    if (status() !== before) continue;
    const waits = status().state === 'waiting';
    // Between its waits the loop reads files: time stands still, or beginnings pass that it could not see.
    if (waits && clock.pending() === 0) continue;
    await clock.advance(waits ? MINUTE : 50);
    at(clock.now());
  }
}

describe('24 hours of a loop', () => {
  it('every quarter of an hour: heals by itself, calls a person for what it cannot heal, tries no more then, and is well when the system is', async () => {
    const system = await slowSystem(40);
    const { file, state } = await loopSuite(system.url, '');
    const sections = 'alerts: [{ id: slow, when: "slos.quick.verdict = \'fail\'", for: 20m, do: [create-incident] }]\nloop: { every: 15m, everyWhileFailing: 5m }\n';
    await writeFile(file, loopSuiteText(system.url, sections).replace('by: -50', 'by: -20'));
    const suite = await load([file]);
    const clock = manualClock('2026-03-01T00:00:00.000Z');
    const seen: LoopStatus[] = [];
    const fired: string[] = [];
    const running = loop(suite, {
      state, reporters: [], clock, seed: 1, onStatus: (status) => void seen.push(status),
      onEvent: (event) => void (event.event === 'alert_fired' || event.event === 'alert_cleared' ? fired.push(`${event.event} ${event.timestamp.slice(11, 13)}`) : undefined),
    });
    let ill = false;
    await live(clock, running.status, running.ended, (now) => {
      // Somebody changes a setting at three.
      if (now >= 3 * HOUR && system.delay === 40) system.delay = 90;
      // At eight the system falls ill in a way that no remedy of the suite cures; at noon it is mended.
      if (now >= 8 * HOUR && now < 12 * HOUR) system.illness = 500;
      if (now >= 12 * HOUR) system.illness = 0;
      ill ||= system.illness > 0;
      if (now >= 24 * HOUR) running.stop();
    });
    const loops = [...new Map(seen.flatMap(({ last }) => (last === null ? [] : [[last.ended, last] as const]))).values()];
    const hour = (ended: string): number => Number(ended.slice(11, 13));
    const between = (from: number, to: number): readonly string[] => loops.filter(({ ended }) => hour(ended) >= from && hour(ended) < to).map(({ outcome }) => outcome);
    expect(between(0, 3)).toEqual(Array.from({ length: 12 }, () => 'healthy'));
    expect(between(3, 8).filter((outcome) => outcome !== 'healthy')).toEqual(['remedied']);
    expect(between(9, 12).every((outcome) => outcome === 'needs-human')).toBe(true);
    // Every five minutes instead of fifteen while it fails.
    expect(between(9, 12).length).toBeGreaterThanOrEqual(35);
    expect(between(13, 24)).toEqual(Array.from({ length: 44 }, () => 'healthy'));
    expect(fired).toEqual(['alert_fired 08', 'alert_cleared 12']);
    // Two attempts at most, both taken back; nothing is tried once a person is needed.
    const { changes, issues } = await viewLedger(state);
    expect(changes.map((change) => change.state)).toEqual(['kept', 'rolled-back', 'rolled-back']);
    expect(system.delay).toBe(70);
    expect(issues.find(({ issue }) => issue === 'slow')?.manual).not.toBeNull();
    expect(running.status()).toMatchObject({ state: 'stopped', missed: { count: 0 }, problem: null, in_force: 1 });
    expect(running.status().loops).toBe(loops.length);
  }, 120_000);
});
