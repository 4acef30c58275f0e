import { parseArgs } from 'node:util';
import { editorSchemaOf } from '../index.js';
import { EXIT } from './exit-codes.js';
import type { Command } from './io.js';

/** `realops schema`: the JSON Schema of suite files with the step types of the given suites' plugins. */
export const schema: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of suite files, for editors',
  help: `usage: realops schema [<suite>]

Prints the JSON Schema that gives completion and checks in any YAML editor. With a suite, the step types of its plugins are in it.

examples
  realops schema alice.yaml > scenarios.schema.json
  # first line of the suite:  # yaml-language-server: $schema=scenarios.schema.json`,
  async run(args, io) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
    io.out.write(`${JSON.stringify(await editorSchemaOf(positionals, { env: io.env }), null, 2)}\n`);
    return EXIT.healthy;
  },
};
