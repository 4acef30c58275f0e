import type { ReporterType } from '../plugin.js';
import { consoleReporter } from './console.js';
import { csv } from './csv.js';
import { github } from './github.js';
import { htmlReporter } from './html.js';
import { jsonl } from './jsonl.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import { resultJson } from './result-json.js';

/** The built-in reporters, in the order of the documentation. */
export const reporters: readonly ReporterType[] = [consoleReporter, markdown, csv, jsonl, junit, htmlReporter, github, resultJson];

/** The reporters without which a run folder is not whole: the event log and the report as data. They are written whatever the suite names, and first. */
export const evidence: readonly ReporterType[] = [jsonl, resultJson];

export { consoleReporter, csv, github, htmlReporter, jsonl, junit, markdown, resultJson };
