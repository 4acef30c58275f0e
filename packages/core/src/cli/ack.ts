import { parseArgs } from 'node:util';
import { readLedger, recordsOf } from '../remedy/ledger.js';
import { readLedgerRecords } from '../remedy/store.js';
import { askLedger } from '../run/requests.js';
import { suggestion } from '../text/index.js';
import { systemClock } from '../time/index.js';
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
    const folder = await stateFolder(suiteArgument, values.state, io);
    const { issues } = readLedger(recordsOf(await readLedgerRecords(folder)));
    const known = issues.get(issue);
    if (known === undefined) throw new UsageError(`the ledger knows no issue "${issue}"; ${issues.size === 0 ? 'it knows none' : suggestion(issue, issues.keys(), 'issues')}`);
    const by = personOf(values.by, io);
    const taken = await askLedger(folder, { kind: 'ack', issue, by }, systemClock, `ack by ${by}`);
    if (values.json) io.out.write(`${JSON.stringify({ issue, by, was: known.manual, recorded: taken }, null, 2)}\n`);
    else io.out.write(`${issue}: seen to by ${by}${known.manual === null ? ' (nobody was needed)' : `; it was: ${known.manual}`}${taken ? '' : '; the process that holds the ledger takes it up'}\n`);
    return EXIT.healthy;
  },
};
