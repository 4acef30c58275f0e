import { RealopsError } from '../errors/index.js';
import type { LoopSettings } from '../model/remedy.js';
import { isJsonObject } from '../text/index.js';
import { parseDuration } from '../time/index.js';
import { child, entries, placeOf, type Node } from './draft.js';
import { loopSchema } from './envelope-remediation.js';
import type { RemediationLoader } from './remediation.js';

const DEFAULT_EVERY_MS = 15 * 60_000;
const LEAST_EVERY_MS = 1_000;

/** The settings of the loop, which stand in one file; every quarter of an hour without any. */
export async function loadLoop(loader: RemediationLoader): Promise<LoopSettings> {
  const [node, ...more] = loader.roots.flatMap((root) => (child(root, 'loop').value === undefined ? [] : [child(root, 'loop')]));
  for (const other of more) loader.draft.report('REALOPS_ID_DUPLICATE', 'loop is given in more than one file', other, `it stands in ${placeOf(node ?? other, other)} already`, 'key');
  const settings: LoopSettings = { schedule: { everyMs: DEFAULT_EVERY_MS }, failingEveryMs: undefined, budget: {}, healthPort: undefined };
  // Anything but an object has been told with the file itself.
  if (node === undefined || !isJsonObject(node.value)) return settings;
  // A cron expression is worth checking even where something else is wrong.
  const cron = await cronAt(child(node, 'cron'), loader);
  const yaml = loader.draft.check(loopSchema, node);
  if (yaml === undefined) return settings;
  if (yaml.every !== undefined && yaml.cron !== undefined) loader.draft.report('REALOPS_VALUE_INVALID', 'loop has both every and cron', child(node, 'cron'), 'keep one of them', 'key');
  const everyMs = intervalAt(child(node, 'every'), yaml.every, loader) ?? DEFAULT_EVERY_MS;
  return {
    schedule: cron === undefined ? { everyMs } : { cron },
    failingEveryMs: intervalAt(child(node, 'everyWhileFailing'), yaml.everyWhileFailing, loader),
    budget: Object.fromEntries(entries(child(node, 'budget')).map(([phase, each]) => [phase, phaseMs(phase, each, loader)])),
    healthPort: yaml.health,
  };
}

async function cronAt({ value, ...rest }: Node, { draft }: RemediationLoader): Promise<string | undefined> {
  if (typeof value !== 'string' || value === '') return undefined;
  // Loaded where it is used: few suites have a cron expression, and all start without it.
  const { parseCron } = await import('../time/cron.js');
  try {
    parseCron(value);
    return value;
  } catch (error) {
    if (!(error instanceof RealopsError)) throw error;
    draft.report(error.code, error.message, { ...rest, value }, error.hint);
    return undefined;
  }
}

function intervalAt(node: Node, text: string | undefined, { draft }: RemediationLoader): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms < LEAST_EVERY_MS) draft.report('REALOPS_VALUE_INVALID', `${String(node.path.at(-1))} must be at least 1s, got ${text}`, node, 'from one start to the next; a loop is a whole run');
  return ms;
}

function phaseMs(phase: string, node: Node, { draft }: RemediationLoader): number {
  const ms = parseDuration(String(node.value));
  if (ms === 0) draft.report('REALOPS_VALUE_INVALID', `a budget of 0 leaves ${phase} no time`, node, 'leave the phase out to give it no limit of its own');
  return ms;
}
