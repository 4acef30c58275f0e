import { createSeries } from '../page/series.js';
import { defineReporter } from '../plugin.js';
import { summaryText } from './markdown-summary.js';
import { createNewestRows } from './newest-rows.js';

/** `summary.md`: the run for people, readable in a chat window and in a terminal. */
export const markdown = defineReporter({
  name: 'markdown',
  description: 'summary.md: outcome, SLO table, issues with cause, remedy and validation, failures with the command that runs them again, what a person has to do',
  with: { type: 'object', properties: {} },
  create() {
    let write: ((name: string, body: string) => Promise<void>) | undefined;
    const samples = createSeries();
    const flaky = createNewestRows(({ outcome, attempts }) => outcome === 'passed' && attempts > 1);
    return {
      name: 'markdown',
      start(io) {
        write = (name, body) => io.write(name, body);
      },
      on(event) {
        flaky.on(event);
        samples.on(event);
      },
      finish: (report) => write?.('summary.md', summaryText(report, [...flaky.rows().values()].flatMap((rows) => [...rows.values()].flatMap((end) => (end === undefined ? [] : [end]))), samples.series())),
    };
  },
});
