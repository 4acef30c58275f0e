import { parseArgs } from 'node:util';
import { ENGINE_VERSION, examine } from '../index.js';
import { EXIT } from './exit-codes.js';
import type { Command } from './io.js';

/** The oldest Node.js that `engines` admits. */
const OLDEST_NODE: readonly [number, number] = [20, 19];

/** A line of the report. */
interface Finding {
  readonly state: 'ok' | 'missing' | 'broken';
  readonly name: string;
  readonly message: string;
  readonly description: string | null;
  readonly hint: string | null;
}

/** `realops doctor`: what there is on this machine, and what is wrong with it. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'say what there is on this machine, and what is wrong with it',
  help: `usage: realops doctor [options] [<plugin>…]

Shows the version of Node.js and of RealOps, the plugins that a suite in this folder can name, and what these need of the machine. Plugins that are named
(a package, or a path with ./ before it) are looked at as well. Changes nothing.

options
  --json   print one JSON object

exit code 0 when nothing is broken, also when something is missing; 4 when something is

examples
  realops doctor
  realops doctor ./my-plugin.js --json`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
    const { plugins, checks } = await examine({ directory: io.cwd, plugins: positionals, env: io.env, signal: io.signal });
    const node = nodeOf(io.nodeVersion);
    const isBroken = [node, ...plugins, ...checks].some(({ state }) => state === 'broken');
    if (values.json) io.out.write(`${JSON.stringify({ node: { version: io.nodeVersion, state: node.state }, realops: { version: ENGINE_VERSION }, plugins, checks, broken: isBroken }, null, 2)}\n`);
    else io.out.write(`${[...linesOf(node), ...linesOf({ state: 'ok', name: 'realops', message: ENGINE_VERSION, description: null, hint: null }), ...plugins.flatMap((plugin) => linesOf({ ...plugin, description: null, message: plugin.version === null ? plugin.message : `${plugin.version}  ${plugin.message}` })), ...(plugins.length === 0 ? ['  no plugins are installed here'] : []), ...checks.flatMap(linesOf)].join('\n')}\n`);
    return isBroken ? EXIT.couldNotRun : EXIT.healthy;
  },
};

function nodeOf(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/u, '').split('.').map(Number);
  const [oldest, since] = OLDEST_NODE;
  const isNew = major > oldest || (major === oldest && minor >= since);
  return { state: isNew ? 'ok' : 'broken', name: 'node', message: version, description: null, hint: isNew ? null : `RealOps needs Node.js ${oldest}.${since} or newer` };
}

const MARKS: { readonly [state in Finding['state']]: string } = { ok: '✓', missing: '–', broken: '✗' };

function linesOf({ state, name, message, description, hint }: Finding): readonly string[] {
  const mark = `${MARKS[state]} ${name.padEnd(30)}`;
  const more = [...(state === 'ok' ? [] : [description, hint])].filter((text) => text !== null);
  return [`${mark}${state === 'missing' ? 'missing: ' : ''}${message}`, ...more.map((text) => `${' '.repeat(32)}${text}`)];
}
