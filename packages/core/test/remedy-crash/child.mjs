/**
 * One session of the controller in a process of its own: `node child.mjs JSON`. It tells every fail point that it reaches, one a line, and kills itself at the one that it
 * was given. It runs the built package, as users do.
 */
import { load, run, undoChange } from '../../dist/index.js';

const { suite: file, state, env, what, kill } = JSON.parse(process.argv[2] ?? '{}');
const seen = new Map();
const failPoint = (name) => {
  const times = (seen.get(name) ?? 0) + 1;
  seen.set(name, times);
  process.stdout.write(`${name} ${times}\n`);
  if (kill !== undefined && kill.name === name && kill.times === times) process.kill(process.pid, 'SIGKILL');
};
const suite = await load([file], { env });
if (what === 'undo') await undoChange(suite, { state, id: '1', by: 'ada', failPoint });
else await run(suite, { state, reporters: [], remediate: 'apply', seed: 1, failPoint }).report;
