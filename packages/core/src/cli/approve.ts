import { parseArgs } from 'node:util';
import { approveChange } from '../index.js';
import { parseDuration } from '../time/index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { personOf, STATE_HELP, STATE_OPTIONS, stateFolder } from './state.js';

/** `realops approve`: allows exactly one proposed change, once. */
export const approve: Command = {
  name: 'approve',
  summary: 'allow one proposed change, once',
  help: `usage: realops approve [options] <proposal> [suite]

Allows exactly the change that realops ledger shows under this name: the same action, parameters, value before and value after. The next run makes it, if its cause is still there.

options
  --for TIME      how long the permission is good (default 24h)
  --by NAME       who allows it (default $USER)
${STATE_HELP}

examples
  realops approve 3f2a9c0d11e8b7a4 examples/alice --for 2h`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { ...STATE_OPTIONS, by: { type: 'string' }, for: { type: 'string', default: '24h' } } });
    const [digest, suiteArgument = '.', ...more] = positionals;
    if (digest === undefined || more.length > 0) throw new UsageError('name the proposal, as realops ledger shows it');
    const by = personOf(values.by, io);
    const { change, until, recorded } = await approveChange(await stateFolder(suiteArgument, values.state, io), { digest, by, forMs: durationOf(values.for) });
    const { param, use, before, after, stateless } = change;
    const what = stateless ? `${param} (${use}) may be done` : `${param} may be changed from ${JSON.stringify(before)} to ${JSON.stringify(after)}`;
    if (values.json) io.out.write(`${JSON.stringify({ digest, param, before, after, by, until: until.toISOString(), recorded }, null, 2)}\n`);
    else io.out.write(`${what} once, until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC${recorded ? '' : '; the process that holds the ledger takes it up'}\n`);
    return EXIT.healthy;
  },
};

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new UsageError(`--for takes a duration such as 30m or 24h, got "${text}"`);
  }
}
