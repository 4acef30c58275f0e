/** `npm test`: sets everything up, builds, runs all tests. Further arguments go to vitest. */
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup({ system: true });
await build();
const { code } = await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)]);
process.exit(code);
