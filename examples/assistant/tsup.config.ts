import { defineConfig } from 'tsup';

// The library and the server carry declarations; the workshop scripts are built only to be run from here.
export default defineConfig([
  {
    entry: { index: 'src/index.ts', main: 'src/main.ts' },
    format: 'esm',
    target: 'node20',
    platform: 'node',
    splitting: true,
    clean: true,
    dts: { entry: { index: 'src/index.ts' } },
    sourcemap: true,
  },
  {
    entry: { train: 'training/train.ts', clips: 'training/clips.ts', 'word-bounds': 'training/word-bounds.ts' },
    format: 'esm',
    target: 'node20',
    platform: 'node',
    splitting: false,
  },
]);
