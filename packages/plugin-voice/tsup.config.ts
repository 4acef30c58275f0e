import { defineConfig } from 'tsup';

export default defineConfig({
  // The thread of voice.load is started as a file.
  entry: { index: 'src/index.ts', 'load-worker': 'src/load/worker.ts' },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  clean: true,
  dts: { entry: { index: 'src/index.ts' } },
  external: ['@alice/realops', '@alice/realops/plugin'],
});
