import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, costOf, inScratch } from '../lib/measure.mjs';

export const limits = { cpu_s: { most: 1 } };

const SCENARIOS = 1000;

const scenario = (n) => `  - id: s${n}
    tags: [load]
    steps:
      - { id: ask, use: http.request, with: { url: '\${{ targets.api }}/items/${n}', json: { n: ${n}, lang: '\${{ vars.lang }}' } }, expect: [status = 200, body.id = ${n}], save: { id: body.id } }
      - { use: http.request, with: { url: '\${{ targets.api }}/again/\${{ saved.id }}' }, expect: steps.ask.status = status }
`;

/** CPU of checking one file with 1,000 scenarios of two steps each. */
export function measure() {
  return inScratch(async (folder) => {
    const scenarios = Array.from({ length: SCENARIOS }, (_, n) => scenario(n)).join('');
    writeFileSync(join(folder, 'scenarios.yaml'), `version: 1\nsuite: large\ntargets: { api: 'http://127.0.0.1:9' }\nvars: { lang: sv }\nscenarios:\n${scenarios}slos: [{ id: fast, objective: p95(http.total) < 200ms }]\n`);
    return { scenarios: SCENARIOS, ...(await costOf([cli, 'check', '.'], { cwd: folder, times: 3 })) };
  });
}
