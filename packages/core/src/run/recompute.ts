import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors/index.js';
import type { ArtifactStored, Measured, RunEvent } from '../events/event.js';
import type { Metric } from '../metrics/metric.js';
import { sampleOf } from '../metrics/value.js';
import type { Recomputation, RecomputedMeasurement, StepType } from '../model/step-type.js';
import type { Json } from '../text/index.js';
import { eventsOf, findLog } from './replay.js';

/** A figure that comes out otherwise than it was recorded. Values as in a `measured` event; undefined where there is none. */
export interface RecomputedFigure {
  readonly metric: string;
  readonly recorded: Pick<Measured, 'value' | 'whole' | 'invalid'> | undefined;
  /** `invalid` is left out where it does not follow from the artifact. */
  readonly recomputed: (Pick<Measured, 'value' | 'whole'> & Partial<Pick<Measured, 'invalid'>>) | undefined;
}

/** What came of one artifact. */
export interface Recomputed {
  readonly scenario: string;
  readonly row: number;
  readonly step: string;
  readonly attempt: number;
  readonly artifact: string;
  /** How many figures were made again. */
  readonly figures: number;
  readonly differences: readonly RecomputedFigure[];
  /** Why nothing could be made of it; null when it could. */
  readonly problem: string | null;
}

/**
 * Makes every figure that follows from a stored artifact again, and holds it against the log. Reads the log and the artifacts beside it, writes nothing.
 * Attempts that broke off recorded no figures and are left out.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND, REALOPS_LOG_INVALID
 */
export async function recompute(logFile: string, steps: ReadonlyMap<string, StepType>): Promise<readonly Recomputed[]> {
  const path = await findLog(logFile);
  const done: Recomputed[] = [];
  const metrics = new Map<string, Metric>();
  const open = new Map<string, Attempt>();
  for await (const event of eventsOf(path)) {
    if (event.event === 'run_start') for (const metric of event.metrics) metrics.set(metric.name, metric);
    else if (event.event === 'step_start') open.set(keyOf(event), { type: steps.get(event.use), measured: [], artifacts: [] });
    else if (event.event === 'measured') open.get(keyOf(event))?.measured.push(event);
    else if (event.event === 'artifact_stored') open.get(keyOf(event))?.artifacts.push(event);
    else if (event.event === 'step_end') {
      const attempt = open.get(keyOf(event));
      open.delete(keyOf(event));
      const how = attempt?.type?.recompute;
      if (attempt === undefined || how === undefined || event.outcome === 'error' || event.outcome === 'cancelled') continue;
      const artifact = attempt.artifacts.find(({ name }) => name === how.artifact);
      if (artifact !== undefined) done.push(await again(artifact, attempt.measured, how, metrics, dirname(path)));
    }
  }
  return done;
}

interface Attempt {
  readonly type: StepType | undefined;
  readonly measured: Measured[];
  readonly artifacts: ArtifactStored[];
}

function keyOf({ scenario, row, step, attempt }: Extract<RunEvent, { readonly attempt: number }>): string {
  return JSON.stringify([scenario, row, step, attempt]);
}

async function again(stored: ArtifactStored, measured: readonly Measured[], how: Recomputation, metrics: ReadonlyMap<string, Metric>, folder: string): Promise<Recomputed> {
  const { scenario, row, step, attempt, path } = stored;
  const place = { scenario, row, step, attempt, artifact: path };
  try {
    const made = how.measurements(await readArtifact(stored, folder)).map((each) => valueOf(each, metrics));
    const recorded = measured.filter(({ metric }) => how.metrics.includes(metric));
    return { ...place, figures: made.length, differences: differencesOf(recorded, made), problem: null };
  } catch (error) {
    return { ...place, figures: 0, differences: [], problem: messageOf(error) };
  }
}

async function readArtifact({ path, sha256 }: ArtifactStored, folder: string): Promise<Json> {
  const body = await readFile(join(folder, path));
  if (createHash('sha256').update(body).digest('hex') !== sha256) throw new Error('it is not what the run stored: its hash is another one');
  return JSON.parse(body.toString('utf8')) as Json;
}

type Recorded = Pick<Measured, 'metric' | 'value' | 'whole' | 'labels' | 'invalid'>;
type Value = Omit<Recorded, 'invalid'> & Partial<Pick<Recorded, 'invalid'>>;

function valueOf({ metric, value, labels = {}, invalid }: RecomputedMeasurement, metrics: ReadonlyMap<string, Metric>): Value {
  const declared = metrics.get(metric);
  if (declared === undefined) throw new Error(`the run did not know the metric ${metric}`);
  const sample = value === null ? { value: null } : sampleOf(declared, value, labels);
  return { metric, value: sample.value, whole: ('whole' in sample ? sample.whole : undefined) ?? null, labels, ...(invalid === undefined ? {} : { invalid }) };
}

/** One by one in order, metric by metric: what was measured more often on one side has no counterpart on the other. */
function differencesOf(recorded: readonly Recorded[], made: readonly Value[]): readonly RecomputedFigure[] {
  return [...new Set([...recorded, ...made].map(({ metric }) => metric))].flatMap((metric) => {
    const [before, after] = [recorded.filter((each) => each.metric === metric), made.filter((each) => each.metric === metric)];
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => [before[index], after[index]] as const)
      .filter(([was, is]) => was === undefined || is === undefined || differs(was, is))
      .map(([was, is]) => ({
        metric,
        recorded: was === undefined ? undefined : { value: was.value, whole: was.whole, invalid: was.invalid },
        recomputed: is === undefined ? undefined : { value: is.value, whole: is.whole, ...(is.invalid === undefined ? {} : { invalid: is.invalid }) },
      }));
  });
}

function differs(was: Recorded, is: Value): boolean {
  if (was.value !== is.value || was.whole !== is.whole) return true;
  return (is.invalid !== undefined && was.invalid !== is.invalid) || Object.entries(is.labels).some(([name, value]) => was.labels[name] !== value);
}
