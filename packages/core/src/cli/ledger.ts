import { parseArgs } from 'node:util';
import { viewLedger, type LedgerEntry } from '../index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { STATE_HELP, STATE_OPTIONS, stateFolder } from './state.js';

/** `realops ledger`: every change of the system under test that was made or proposed. */
export const ledger: Command = {
  name: 'ledger',
  summary: 'show every change that remedies made or propose',
  help: `usage: realops ledger [options] [suite]

Shows what was changed, from which value to which, why, by whom, how it ended and how to undo it; then the issues that need a person. Reads only.

options
${STATE_HELP}

examples
  realops ledger examples/alice
  realops ledger --json | jq '.[] | select(.state == "kept")'`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: STATE_OPTIONS });
    if (positionals.length > 1) throw new UsageError('name one suite');
    const { changes: entries, issues } = await viewLedger(await stateFolder(positionals[0] ?? '.', values.state, io));
    if (values.json) return io.out.write(`${JSON.stringify(entries, null, 2)}\n`), EXIT.healthy;
    const waiting = issues.flatMap(({ issue, manual }) => (manual === null ? [] : [`needs a person: ${issue}: ${manual}\n  realops ack ${issue} ${positionals[0] ?? '.'}\n`]));
    io.out.write(entries.length === 0 ? 'nothing was changed or proposed yet\n' : entries.map((entry) => show(entry, positionals[0] ?? '.')).join('\n'));
    if (waiting.length > 0) io.out.write(`\n${waiting.join('')}`);
    return EXIT.healthy;
  },
};

function show(entry: LedgerEntry, suite: string): string {
  const { id, loop, time, state, param, before, after, issue, remedy, cause, why, by, rollback, digest } = entry;
  const waits = state === 'proposed';
  const lines = [
    `${waits ? `proposed in loop ${loop}` : `change ${id}`}  ${time.replace('T', ' ').slice(0, 19)}  ${state}`,
    `  ${param}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    `  ${issue} → ${remedy}: ${cause}`,
    ...(why === null ? [] : [`  ${why}`]),
    ...(by === 'realops' ? [] : [`  by ${by}`]),
    ...(waits ? [`  allow:  realops approve ${digest} ${suite}`] : []),
    ...(state === 'kept' || state === 'failed' ? [`  undo:   realops undo ${id} ${suite}`, `          ${rollback}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
