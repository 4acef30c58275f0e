import type { Failure, RunReport } from '../events/report.js';
import type { Cause } from '../wording/causes.js';
import { durationWords, plural } from '../wording/words.js';
import { html, join, NOTHING, type Markup } from './markup.js';
import { badge, STEP_STATES } from './marks.js';
import { pictureFigure } from './picture.js';
import type { KeptPictures, RowPictures } from './pictures.js';

/** Where the pictures of a run stand in the page. */
export interface PlacedPictures {
  /** By the failure that tells its cause: a row of that cause with what its steps drew. */
  readonly atFailures: ReadonlyMap<Failure, RowPictures>;
  /** In a part of their own: further failed rows, then one that passed of each step. */
  readonly closeUps: readonly RowPictures[];
  /** Pictures that the page does not have. */
  readonly left: number;
}

/** So many rows of each kind are drawn. */
const MOST = { atFailures: 12, failed: 6, passed: 12 } as const;

/** Chooses what is drawn where. */
export function placePictures(causes: readonly Cause[], { failed, passed, left }: KeptPictures): PlacedPictures {
  const atFailures = new Map<Failure, RowPictures>();
  for (const { example, failures } of causes) {
    const of = (failure: Failure): RowPictures | undefined => failed.find((each) => each.scenario === failure.scenario && each.row === failure.row && each.startMs <= failure.at_ms && failure.at_ms <= each.endMs);
    const shown = failures.map(of).find((each) => each !== undefined);
    if (shown !== undefined && atFailures.size < MOST.atFailures && ![...atFailures.values()].includes(shown)) atFailures.set(example, shown);
  }
  const further = failed.filter((each) => ![...atFailures.values()].includes(each));
  const closeUps = [...further.slice(0, MOST.failed), ...passed.slice(0, MOST.passed)];
  const undrawn = [...further.slice(MOST.failed), ...passed.slice(MOST.passed)].reduce((sum, { pictures }) => sum + pictures.length, 0);
  return { atFailures, closeUps, left: left + undrawn };
}

/** What the steps of a failed row drew, at its failure; `failure` is the one that is told. */
export function picturesAtFailure({ scenario, row, pictures }: RowPictures, failure: Failure): Markup {
  const whose = scenario === failure.scenario && row === failure.row ? '' : html` in row ${row} of <bdi>${scenario}</bdi>, which failed alike`;
  return join(pictures.map((picture) => html`<h3 class="small">What happened in <bdi>${picture.step}</bdi>${whose}</h3>${pictureFigure(picture, `${picture.step} in row ${row} of ${scenario}, failed`)}`));
}

/** Rows from close by, each with the pictures that its steps drew. */
export function closeUps({ closeUps: rows, left }: PlacedPictures, report: RunReport): Markup {
  const titles = new Map(report.scenarios.map(({ id, title }) => [id, title]));
  const more = left === 0 ? NOTHING : html`<p class="fine">${plural(left, 'more picture')} ${left === 1 ? 'is' : 'are'} in log.jsonl (event <code>picture</code>).</p>`;
  const cards = rows.map((each) => card(each, titles.get(each.scenario) ?? ''));
  return html`<p class="lede">What happened in a step, as the step has drawn it: ${rows.some(isBad) ? 'failed rows that are not shown at their failure, then ' : ''}of each step one row that passed, the one with most in it that is not as it should be, or the first.</p>${join(cards)}${more}`;
}

function isBad({ outcome }: RowPictures): boolean {
  return outcome !== 'passed' && outcome !== 'skipped';
}

function card({ scenario, row, outcome, startMs, pictures }: RowPictures, title: string): Markup {
  const state = outcome === 'open' ? 'inconclusive' : STEP_STATES[outcome];
  const about = title === '' || title === scenario ? NOTHING : html`<p class="sub"><bdi>${title}</bdi></p>`;
  const drawn = pictures.map((picture) => html`${pictures.length > 1 ? html`<h4><bdi>${picture.step}</bdi></h4>` : null}${pictureFigure(picture, `${picture.step} in row ${row} of ${scenario}, ${outcome}`)}`);
  return html`<section class="card chart close-up"><h3><bdi>${scenario}</bdi> <span class="quiet">row ${row}, ${pictures.length === 1 ? html`step <bdi>${pictures[0]?.step ?? ''}</bdi>, ` : null}${durationWords(startMs)} into the run</span> ${badge(state, outcome === 'open' ? 'not ended' : outcome)}</h3>${about}${join(drawn)}</section>`;
}
