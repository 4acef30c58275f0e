import { access } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { formatLedger, viewLedger } from '../index.js';
import { systemClock } from '../time/index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { STATE_HELP, STATE_OPTIONS, stateFolder } from './state.js';

/** Wide enough for whoever reads it later, when the output is no terminal. */
const WIDTH = 120;

/** `realops ledger`: every change of the system under test that was made or proposed. */
export const ledger: Command = {
  name: 'ledger',
  summary: 'show every change that remedies made or propose',
  help: `usage: realops ledger [options] [suite]

Shows what was changed, from which value to which, why, by whom, how it ended and how to undo it; then what is proposed, and the issues that need a person. Reads only.

options
${STATE_HELP}

examples
  realops ledger examples/alice
  realops ledger --json | jq '.[] | select(.state == "kept")'`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: STATE_OPTIONS });
    const [suiteArgument = '.', ...more] = positionals;
    if (more.length > 0) throw new UsageError('name one suite');
    const folder = await stateFolder(suiteArgument, values.state, io);
    const view = await viewLedger(folder);
    if (values.json) io.out.write(`${JSON.stringify(view.changes, null, 2)}\n`);
    else {
      const text = formatLedger(view, { suiteArgument, ...(values.state === undefined ? {} : { stateArgument: values.state }), columns: io.out.interactive ? io.out.columns : WIDTH, color: io.out.color, now: systemClock.wall() });
      io.out.write(text === '' ? await emptyText(folder, relative(io.cwd, folder) || '.') : text);
    }
    return EXIT.healthy;
  },
};

/** A misspelt folder must not look like a system that nobody touched. */
async function emptyText(folder: string, shown: string): Promise<string> {
  const there = await access(join(folder, 'ledger.jsonl')).then(() => true, () => false);
  return there ? `nothing was changed or proposed yet, says the ledger in ${shown}\n` : `there is no ledger in ${shown} yet: no run has looked for remedies with this state folder\n`;
}
