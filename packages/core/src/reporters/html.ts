import { defineReporter } from '../plugin.js';
import { composeReport } from '../page/report.js';
import { createEventKeeper } from '../page/kept-events.js';
import { createFacts } from '../page/run-facts.js';

/** `report.html`: the run as one page that needs no network, no script and no other file. */
export const htmlReporter = defineReporter({
  name: 'html',
  description: 'report.html: one self-contained page with verdict, SLOs against their limits, failures by cause, time line, charts, events with search',
  create() {
    const facts = createFacts();
    const keeper = createEventKeeper();
    let write: ((name: string, body: string) => Promise<void>) | undefined;
    return {
      name: 'html',
      start(io) {
        if (io.directory !== null) write = (name, body) => io.write(name, body);
      },
      on(event) {
        if (write === undefined) return;
        facts.on(event);
        keeper.on(event);
      },
      finish: (report) => write?.('report.html', composeReport(report, facts.facts(), keeper.kept())),
    };
  },
});
