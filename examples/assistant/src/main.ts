import { parseArgs } from 'node:util';
import { startAssistant } from './index.js';
import { misbehaviourNames, type Misbehaviour } from './talk/behaviour.js';

const usage = 'usage: main.js [--port N] [--guardian-port N] [--eos MS] [--seed N] [--misbehave NAME[,NAME]] [--exit-with-stdin]';

/** A whole number inside a range, or the end of the program with a sentence that says what is wrong. */
function whole(name: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  throw new Error(`--${name} takes a whole number from ${min} to ${max}, got ${JSON.stringify(value)}`);
}

/** The names of faults, or the end of the program with all that there are. */
function faults(value: string): readonly Misbehaviour[] {
  return value.split(',').filter((name) => name !== '').map((name) => {
    const known = misbehaviourNames.find((one) => one === name);
    if (known === undefined) throw new Error(`--misbehave takes ${misbehaviourNames.join(', ')}; got ${JSON.stringify(name)}`);
    return known;
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      'guardian-port': { type: 'string', default: '0' },
      eos: { type: 'string', default: '700' },
      seed: { type: 'string', default: '1' },
      misbehave: { type: 'string', default: '' },
      'exit-with-stdin': { type: 'boolean', default: false },
    },
  });
  const assistant = await startAssistant({
    port: whole('port', values.port, 0, 65_535),
    guardianPort: whole('guardian-port', values['guardian-port'], 0, 65_535),
    eosMs: whole('eos', values.eos, 200, 2000),
    seed: whole('seed', values.seed, 0, 4_294_967_295),
    misbehave: faults(values.misbehave),
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void assistant.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (values['exit-with-stdin']) process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
  // The reader of our one line may be gone already.
  process.stdout.on('error', stop);
  process.stdout.write(`${JSON.stringify(assistant.urls)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 2;
});
