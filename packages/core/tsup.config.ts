import { defineConfig } from 'tsup';

export default defineConfig({
  entry: { index: 'src/index.ts', plugin: 'src/plugin.ts', testing: 'src/testing.ts', reporters: 'src/reporters/index.ts', cli: 'src/cli/bin.ts' },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  sourcemap: true,
  clean: true,
  minify: true,
  dts: { entry: { index: 'src/index.ts', plugin: 'src/plugin.ts', testing: 'src/testing.ts', reporters: 'src/reporters/index.ts' } },
  // Start-up time: some 250 small files of these packages cost twice as much to load as one bundle. Their licences stand in THIRD-PARTY-NOTICES.md.
  noExternal: ['ajv', 'jsonata', 'undici', 'yaml'],
  banner: { js: "import{createRequire as realopsRequire}from'node:module';const require=realopsRequire(import.meta.url);" },
});
