import { defineConfig } from 'vitest/config';

// A suite runs as long as its steps need: give its tests more than the 5 s of the default.
export default defineConfig({ test: { testTimeout: 20_000 } });
