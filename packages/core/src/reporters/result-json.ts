import { defineReporter } from '../plugin.js';

/** The report as data: `result.json` holds exactly the {@link RunReport}. */
export const resultJson = defineReporter({
  name: 'json',
  description: 'result.json: the whole report as data, with a JSON Schema',
  with: { type: 'object', properties: {} },
  create() {
    let write: ((name: string, body: string) => Promise<void>) | undefined;
    return {
      name: 'json',
      start(io) {
        write = (name, body) => io.write(name, body);
      },
      on: () => undefined,
      finish: (report) => write?.('result.json', `${JSON.stringify(report, null, 2)}\n`),
    };
  },
});
