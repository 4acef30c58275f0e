import { parseArgs } from 'node:util';
import { startAssistant } from './index.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, 'guardian-port': { type: 'string', default: '0' }, eos: { type: 'string', default: '700' }, 'exit-with-stdin': { type: 'boolean', default: false } } });
const assistant = await startAssistant({ port: Number(values.port), guardianPort: Number(values['guardian-port']), eosMs: Number(values.eos) });
let stopping = false;
const stop = (): void => {
  if (stopping) return;
  stopping = true;
  void assistant.close().then(() => process.exit(0));
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (values['exit-with-stdin']) process.stdin.resume().on('end', stop).on('close', stop).on('error', stop);
process.stdout.write(`${JSON.stringify(assistant.urls)}\n`);
