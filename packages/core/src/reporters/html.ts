import { createEventKeeper } from '../page/kept-events.js';
import { createFacts } from '../page/run-facts.js';
import { defineReporter } from '../plugin.js';

/** `report.html`: the run as one page that needs no network, no script and no other file. The page itself is loaded when it is written, not when the command starts. */
export const htmlReporter = defineReporter({
  name: 'html',
  description: 'report.html: one self-contained page with verdict, SLOs against their limits, failures by cause, time line, charts, events with search',
  with: { type: 'object', properties: {} },
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
      async finish(report) {
        if (write === undefined) return;
        const { composeReport } = await import('../page/report.js');
        await write('report.html', composeReport(report, facts.facts(), keeper.kept()));
      },
    };
  },
});
