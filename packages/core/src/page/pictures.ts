import type { PictureDrawn, RunEvent, StepEnd, TestEnd } from '../events/event.js';
import type { StepOutcome } from '../model/words.js';
import { causeKey } from '../wording/causes.js';

/** What the steps of one row drew. */
export interface RowPictures {
  readonly scenario: string;
  readonly row: number;
  /** `open` when the log ends before the row does. */
  readonly outcome: StepOutcome | 'open';
  /** When the row ran, since the start of the run. */
  readonly startMs: number;
  readonly endMs: number;
  /** Of the last attempt of each step, in order. */
  readonly pictures: readonly PictureDrawn[];
}

/** The pictures that are kept for the page. */
export interface KeptPictures {
  /** Of rows that went wrong, in the order in which they ended. */
  readonly failed: readonly RowPictures[];
  /** Of each step that draws one row that passed: the one with most in it that is not as it should be, else the first. */
  readonly passed: readonly RowPictures[];
  /** How many pictures passed that are not among them. */
  readonly left: number;
}

/** Keeps pictures as events pass, within bounds. */
export interface PictureKeeper {
  on(event: RunEvent): void;
  /** `lastMs`: when the log ends. */
  kept(lastMs: number): KeptPictures;
}

/** Failed rows in all, of one cause in one scenario, rows that passed, pictures of one row. */
const MOST = { failed: 40, alike: 2, passed: 60, ofARow: 4 } as const;

interface OpenRow {
  pictures: PictureDrawn[];
  /** What it failed of first. */
  cause: string;
}

/** Nothing kept yet. A run whose steps draw nothing costs nothing. */
export function createPictures(): PictureKeeper {
  const open = new Map<string, OpenRow>();
  const failed: RowPictures[] = [];
  const alike = new Map<string, number>();
  const passed = new Map<string, RowPictures>();
  let left = 0;
  const add = (event: PictureDrawn): void => {
    const row = open.get(keyOf(event)) ?? { pictures: [], cause: '' };
    open.set(keyOf(event), row);
    if (row.pictures.length < MOST.ofARow) row.pictures.push(event);
    else left += 1;
  };
  const endStep = (event: StepEnd, row: OpenRow): void => {
    if (event.outcome === 'passed' || event.outcome === 'skipped') return;
    if (!event.retried) {
      if (row.cause === '') row.cause = causeKey({ ...event, error: event.error ?? { code: '', message: '', hint: null } });
      return;
    }
    const others = row.pictures.filter(({ step, attempt }) => step !== event.step || attempt !== event.attempt);
    left += row.pictures.length - others.length;
    row.pictures = others;
  };
  const endRow = ({ scenario, row, outcome, at_ms, duration_ms }: Pick<TestEnd, 'scenario' | 'row' | 'outcome' | 'at_ms' | 'duration_ms'>, { pictures, cause }: OpenRow): void => {
    open.delete(keyOf({ scenario, row }));
    if (pictures.length === 0) return;
    const ended: RowPictures = { scenario, row, outcome, startMs: at_ms - duration_ms, endMs: at_ms, pictures };
    if (outcome === 'passed' || outcome === 'skipped') return endPassed(ended);
    const kind = `${scenario} ${cause}`;
    const before = alike.get(kind) ?? 0;
    if (failed.length >= MOST.failed || before >= MOST.alike) return void (left += pictures.length);
    alike.set(kind, before + 1);
    failed.push(ended);
  };
  const endPassed = (ended: RowPictures): void => {
    // Rows of a scenario may take different steps.
    const kind = JSON.stringify([ended.scenario, ...ended.pictures.map(({ step }) => step)]);
    const known = passed.get(kind);
    if (known === undefined ? passed.size >= MOST.passed : faultsIn(ended) <= faultsIn(known)) return void (left += ended.pictures.length);
    left += known?.pictures.length ?? 0;
    passed.set(kind, ended);
  };
  return {
    on(event) {
      if (event.event === 'picture') return add(event);
      if (open.size === 0 || (event.event !== 'step_end' && event.event !== 'test_end')) return;
      const row = open.get(keyOf(event));
      if (row === undefined) return;
      if (event.event === 'test_end') return endRow(event, row);
      endStep(event, row);
      // A check before the run is no row of a scenario.
      if (event.phase === 'preflight' && !event.retried) endRow(event, row);
    },
    kept: (lastMs) => ({
      failed: [...failed, ...[...open.values()].flatMap(({ pictures }) => unended(pictures, lastMs))],
      passed: [...passed.values()],
      left,
    }),
  };
}

/** A row of which the log does not say how it ended. */
function unended(pictures: readonly PictureDrawn[], lastMs: number): readonly RowPictures[] {
  return pictures.slice(0, 1).map(({ scenario, row, at_ms }) => ({ scenario, row, outcome: 'open', startMs: at_ms, endMs: lastMs, pictures }));
}

/** How much in the pictures of a row is not as it should be; what cannot be told counts little. */
function faultsIn({ pictures }: RowPictures): number {
  const items = pictures.flatMap(({ lanes }) => lanes.flatMap(({ spans, marks }) => [...spans, ...marks]));
  return items.reduce((sum, { tone }) => sum + (tone === 'bad' ? 1 : tone === 'unclear' ? 0.001 : 0), 0);
}

function keyOf({ scenario, row }: { readonly scenario: string; readonly row: number }): string {
  return `${row} ${scenario}`;
}
