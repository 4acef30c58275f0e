import { join } from 'node:path';
import { build } from 'esbuild';
import type * as decideModule from '../../src/remedy/decide.js';
import type * as machineModule from '../../src/remedy/machine.js';
import type * as stateModule from '../../src/remedy/state.js';

/** The protocol that is checked: the very functions that the engine runs, or a weakened copy of them. */
export interface RemedyProtocol {
  readonly boot: typeof machineModule.boot;
  readonly attempt: typeof machineModule.attempt;
  readonly close: typeof machineModule.close;
  readonly decide: typeof decideModule.decide;
  readonly foldRecord: typeof stateModule.foldRecord;
  readonly issueOf: typeof stateModule.issueOf;
  readonly inFlight: typeof machineModule.inFlight;
  readonly EMPTY_LEDGER: typeof stateModule.EMPTY_LEDGER;
}

/** One line of a source file, weakened. */
export interface Mutant {
  readonly name: string;
  readonly file: 'machine.ts' | 'state.ts' | 'decide.ts';
  readonly from: string;
  readonly to: string;
}

const SOURCE = join(import.meta.dirname, '../../src/remedy');

/** The protocol as it stands in the source, or with one line of it weakened. Throws when that line is not there exactly once. */
export async function loadProtocol(mutant?: Mutant): Promise<RemedyProtocol> {
  const entry = "export * from './machine.js'; export * from './decide.js'; export * from './state.js';";
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: SOURCE, loader: 'ts' }, bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20', logLevel: 'silent',
    plugins: [{
      name: 'weaken',
      setup(builder) {
        builder.onLoad({ filter: /remedy\/(?:machine|state|decide)\.ts$/ }, async ({ path }) => {
          const { readFile } = await import('node:fs/promises');
          const text = await readFile(path, 'utf8');
          if (mutant === undefined || !path.endsWith(`/${mutant.file}`)) return { contents: text, loader: 'ts' };
          if (text.split(mutant.from).length !== 2) throw new Error(`${mutant.name}: "${mutant.from}" stands ${text.split(mutant.from).length - 1} times in ${mutant.file}`);
          return { contents: text.replace(mutant.from, () => mutant.to), loader: 'ts' };
        });
      },
    }],
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error('nothing was bundled');
  return (await import(`data:text/javascript;base64,${Buffer.from(`${bundle.text}\n// ${mutant?.name ?? 'as it is'}`).toString('base64')}`)) as RemedyProtocol;
}
