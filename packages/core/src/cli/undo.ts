import { parseArgs } from 'node:util';
import { load, undoChange } from '../index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { createLogger } from './logger.js';
import { personOf, STATE_HELP, STATE_OPTIONS, stateFolder } from './state.js';

/** `realops undo`: puts back what one change replaced. */
export const undo: Command = {
  name: 'undo',
  summary: 'put back what one change of the ledger replaced',
  help: `usage: realops undo [options] <change> [suite]

Writes the value from before back, unless someone else has set another one since (exit code 2: it is left alone).

options
  --by NAME       who asks (default $USER)
${STATE_HELP}

examples
  realops undo 12 examples/alice`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { ...STATE_OPTIONS, by: { type: 'string' } } });
    const [id, suiteArgument = '.', ...more] = positionals;
    if (id === undefined || more.length > 0) throw new UsageError('name the change to undo, as realops ledger shows it');
    const suite = await load([suiteArgument], { env: io.env });
    const change = await undoChange(suite, { state: await stateFolder(suiteArgument, values.state, io), id, by: personOf(values.by, io), log: await createLogger(false, io.error) });
    const { param, before, status, found } = change;
    if (values.json) io.out.write(`${JSON.stringify({ id, param, state: status === 'undone' ? 'rolled-back' : status, before, found }, null, 2)}\n`);
    else if (status === 'undone') io.out.write(`${param} is ${JSON.stringify(before)} again\n`);
    else if (status === 'conflict') io.out.write(`${param} was left alone: someone else has set it to ${JSON.stringify(found)}\n`);
    else io.out.write(`${param} could not be put back yet; the next run tries again. By hand: ${change.rollback}\n`);
    return status === 'undone' ? EXIT.healthy : EXIT.needsHuman;
  },
};
