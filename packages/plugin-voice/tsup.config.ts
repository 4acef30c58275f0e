import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
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
  // The other end of a calibration is started as a file of its own.
  onSuccess: async () => copyFileSync(join(import.meta.dirname, 'src/calibrate/calibrate-peer.mjs'), join(import.meta.dirname, 'dist/calibrate-peer.mjs')),
});
