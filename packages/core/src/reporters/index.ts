import type { ReporterType } from '../plugin.js';
import { consoleReporter } from './console.js';
import { csv } from './csv.js';
import { github } from './github.js';
import { jsonl } from './jsonl.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import { resultJson } from './result-json.js';

/** The built-in reporters, in the order of the documentation. */
export const reporters: readonly ReporterType[] = [consoleReporter, markdown, csv, jsonl, junit, github, resultJson];

export { consoleReporter, csv, github, jsonl, junit, markdown, resultJson };
