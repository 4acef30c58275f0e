import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests that hold measured time against the truth: one file after the other, when all others are done, since a busy machine measures itself. */
const LIVE = ['packages/*/src/**/*.live.test.ts', 'test/**/*.live.test.ts'];

export default defineConfig({
  resolve: { conditions: ['@alice/source'] },
  ssr: { resolve: { conditions: ['@alice/source'], externalConditions: ['@alice/source'] } },
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Tests that only wait may do so together.
    maxConcurrency: 10,
    // Many only wait for sockets, so two at once are worth it on two cores too.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'examples/assistant/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', ...LIVE],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'live', include: LIVE, exclude: ['**/node_modules/**', '**/dist/**'], fileParallelism: false, sequence: { groupOrder: 1 } } },
    ],
  },
});
