import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', plugin: 'src/plugin.ts', testing: 'src/testing.ts', reporters: 'src/reporters/index.ts', cli: 'src/cli/bin.ts' },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: { entry: { index: 'src/index.ts', plugin: 'src/plugin.ts', testing: 'src/testing.ts', reporters: 'src/reporters/index.ts' } },
});
