import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONFIGURATIONS } from './configurations.js';
import { moodySystem, replayTrace, type MoodySystem } from './replay.js';

const TRACES = 30;

let system: MoodySystem;
let folder: string;
beforeAll(async () => {
  system = await moodySystem();
  folder = await mkdtemp(join(tmpdir(), 'realops-replay-'));
});
afterAll(async () => {
  system.server.closeAllConnections();
  await new Promise<void>((resolve) => void system.server.close(() => resolve()));
  await rm(folder, { recursive: true, force: true });
});

it.each(CONFIGURATIONS)('the real controller goes the way of the model: $name', { timeout: 120_000 }, async ({ name, bounds }) => {
  let deaths = 0;
  for (let seed = 1; seed <= TRACES; seed += 1) {
    const { difference, deaths: died } = await replayTrace(bounds, seed, join(folder, `${CONFIGURATIONS.findIndex((each) => each.name === name)}-${seed}`), system);
    expect(difference, `seed ${seed}`).toBeUndefined();
    deaths += died;
  }
  // A way without a death tells little where there may be some.
  if (bounds.budget.crashes > 0) expect(deaths).toBeGreaterThan(TRACES / 4);
});
