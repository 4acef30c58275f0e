import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@alice/source'] },
  ssr: { resolve: { conditions: ['@alice/source'], externalConditions: ['@alice/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'examples/assistant/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Tests that only wait may do so together.
    maxConcurrency: 10,
  },
});
