import type { RunStart } from '../events/event.js';
import type { Series } from './series.js';

/** Whether an SLO with this `where` judges samples of a series; labels named in `apart` are left to the caller. Steps and rows are not told apart in series. */
export function isJudgedBy(where: RunStart['slos'][number]['where'], series: Series, start: RunStart | undefined, apart: readonly string[] = []): boolean {
  const tags = start?.scenarios.find(({ id }) => id === series.scenario)?.tags ?? [];
  return Object.entries(where).every(([label, wanted]) => {
    if (label === 'step' || label === 'row' || apart.includes(label)) return true;
    if (label === 'scenario') return wanted.includes(series.scenario);
    return label === 'tag' ? tags.some((tag) => wanted.includes(tag)) : wanted.includes(series.labels?.[label] ?? '');
  });
}
