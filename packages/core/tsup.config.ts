import { join } from 'node:path';
import { defineConfig } from 'tsup';
import { buildBeside, coreBundle } from '../../scripts/lib/core-bundle.mjs';

// One bundle for each entry, with what entries share and what is loaded late in files of their own. Not minified: a stack trace of a user can be
// read, and it costs nothing measurable. What lies beside the bundle (dist/late, dist/ready) is.
export default defineConfig({
  entry: { index: 'src/index.ts', plugin: 'src/plugin.ts', testing: 'src/testing.ts', reporters: 'src/reporters/index.ts', cli: 'src/cli/bin.ts' },
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  clean: true,
  dts: { entry: { index: 'src/index.ts', plugin: 'src/plugin.ts', testing: 'src/testing.ts', reporters: 'src/reporters/index.ts' } },
  // Start-up time: some 250 small files of these packages cost 0.13 s of CPU more to load than their bundle (measured). They are devDependencies for that reason;
  // their licences stand in THIRD-PARTY-NOTICES.md, which `npm run generate` writes.
  noExternal: ['ajv', 'croner', 'jsonata', 'undici', 'yaml'],
  esbuildPlugins: [coreBundle()],
  onSuccess: () => buildBeside(join(import.meta.dirname, 'dist')),
  banner: { js: "import{createRequire as realopsRequire}from'node:module';const require=realopsRequire(import.meta.url);" },
});
