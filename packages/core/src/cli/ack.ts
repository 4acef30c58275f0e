import { parseArgs } from 'node:util';
import { acknowledge } from '../index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { personOf, STATE_HELP, STATE_OPTIONS, stateFolder } from './state.js';

/** `realops ack`: tells the ledger that a person has seen to an issue. */
export const ack: Command = {
  name: 'ack',
  summary: 'tell the ledger that a person has seen to an issue',
  help: `usage: realops ack [options] <issue> [suite]

Ends "needs a person" for an issue: its attempts and failed loops are counted from zero again, and remedies may be tried again.

options
  --by NAME       who has seen to it (default $USER)
${STATE_HELP}

examples
  realops ack eos_too_short examples/alice`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { ...STATE_OPTIONS, by: { type: 'string' } } });
    const [issue, suiteArgument = '.', ...more] = positionals;
    if (issue === undefined || more.length > 0) throw new UsageError('name the issue, as realops ledger shows it');
    const by = personOf(values.by, io);
    const { was, recorded } = await acknowledge(await stateFolder(suiteArgument, values.state, io), { issue, by });
    if (values.json) io.out.write(`${JSON.stringify({ issue, by, was, recorded }, null, 2)}\n`);
    else io.out.write(`${issue}: seen to by ${by}${was === null ? ' (nobody was needed)' : `; it was: ${was}`}${recorded ? '' : '; the process that holds the ledger takes it up'}\n`);
    return EXIT.healthy;
  },
};
