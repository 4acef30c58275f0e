import { access, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT } from './exit-codes.js';
import type { Command } from './io.js';

const SUITE = `# yaml-language-server: $schema=./node_modules/@alice/realops/schemas/scenarios.schema.json
version: 1
suite: my-assistant
environment: sandbox

# The only hosts that steps may reach.
targets:
  api: \${{ env.API_BASE ?? 'http://127.0.0.1:8000' }}

# All must hold, or nothing is run (exit code 4).
preflight:
  - id: health
    use: http.request
    with: { url: '\${{ targets.api }}/health' }
    expect: status = 200
    timeout: 5s

scenarios:
  - id: chat
    title: A short question is answered
    tags: [chat]
    data:
      - { message: hej }
      - { message: vad är klockan }
    steps:
      - id: ask
        use: http.request
        with:
          method: POST
          url: \${{ targets.api }}/api/chat
          json: { session_id: '\${{ run.id }}', message: '\${{ row.message }}' }
        expect:
          - status = 200
          - body.response != ''

slos:
  - { id: chat_ok, title: Chat answers, objective: rate(http.success) >= 99%, where: { scenario: chat } }
  - { id: chat_latency, title: Chat latency, objective: p95(http.total) < 800ms, where: { scenario: chat } }
`;

/** `realops init`: a first suite that can be checked and changed. */
export const init: Command = {
  name: 'init',
  summary: 'write a first suite to start from',
  help: `usage: realops init [<file>]

Writes a small suite (default scenarios.yaml). Never overwrites a file.

examples
  realops init
  realops init alice.yaml && realops check alice.yaml`,
  async run(args, io) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
    const name = positionals[0] ?? 'scenarios.yaml';
    const file = resolve(io.cwd, name);
    if (await access(file).then(() => true, () => false)) {
      io.error.write(`realops init: ${name} is there already; it was not touched\n`);
      return EXIT.invalidInput;
    }
    await writeFile(file, SUITE, { flag: 'wx' });
    io.out.write(`wrote ${name}\nnext: realops check ${name}, then realops run ${name}\n`);
    return EXIT.healthy;
  },
};
