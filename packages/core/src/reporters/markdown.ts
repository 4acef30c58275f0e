import type { TestEnd } from '../events/event.js';
import { defineReporter } from '../plugin.js';
import { summaryText } from './markdown-summary.js';

/** `summary.md`: the run for people, readable in a chat window and in a terminal. */
export const markdown = defineReporter({
  name: 'markdown',
  description: 'summary.md: outcome, SLO table, issues by cause with the command that runs them again, what a person has to do',
  create() {
    let write: ((name: string, body: string) => Promise<void>) | undefined;
    const flaky = new Map<string, TestEnd>();
    return {
      name: 'markdown',
      start(io) {
        write = (name, body) => io.write(name, body);
      },
      on(event) {
        if (event.event !== 'test_end') return;
        const key = JSON.stringify([event.scenario, event.row]);
        if (event.outcome === 'passed' && event.attempts > 1) flaky.set(key, event);
        else flaky.delete(key);
      },
      finish: (report) => write?.('summary.md', summaryText(report, [...flaky.values()])),
    };
  },
});
