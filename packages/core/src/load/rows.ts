import { readFile } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { messageOf, RealopsError } from '../errors/index.js';
import { compileExpression, type Functions } from '../expression/index.js';
import type { Row } from '../model/suite.js';
import { isJsonObject, preview, type JsonObject } from '../text/index.js';
import { parseYaml } from '../yaml/index.js';
import { parseDelimited } from './delimited.js';
import { child, items, within, type Draft, type Node } from './draft.js';
import { whyUnreadable } from './files.js';
import { shapeOfValue } from './environment.js';

/** Reads the rows of a `data:` node: a file by its ending, or rows written in the suite; then keeps those for which `where` holds. */
export async function readRows(data: Node, functions: Functions, draft: Draft): Promise<readonly Row[]> {
  const rows = await readAll(data, draft);
  const where = child(data, 'where');
  return typeof where.value === 'string' ? keepWhere(rows, where, where.value, functions, draft) : rows;
}

async function readAll(data: Node, draft: Draft): Promise<readonly Row[]> {
  const directory = dirname(data.document.file);
  const inline = Array.isArray(data.value) ? data : child(data, 'rows');
  const file = child(data, 'file');
  if (typeof file.value === 'string' && inline.value !== undefined) draft.report('REALOPS_VALUE_INVALID', 'data takes either file or rows, not both', inline, 'leave out one of them', 'key');
  if (typeof file.value !== 'string') {
    if (inline.value === undefined) draft.report('REALOPS_VALUE_INVALID', 'data needs file or rows', data, 'e.g. data: { file: clips/validated.tsv } or a list of rows');
    return items(inline).flatMap(({ value }, index) => (isJsonObject(value) ? [{ number: index + 1, values: value, directory }] : []));
  }
  const path = resolve(directory, file.value);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    draft.report('REALOPS_FILE_NOT_FOUND', whyUnreadable(error, file.value), file, 'the path starts from the suite file');
    return [];
  }
  try {
    const values = parseRows(path, text);
    if (values.length === 0) draft.report('REALOPS_DATA_INVALID', `the data file ${file.value} holds no rows`, file, 'below the header, each line is a row');
    return values.map((value, index) => ({ number: index + 1, values: value, directory: dirname(path) }));
  } catch (error) {
    const wrapped = error instanceof RealopsError ? error : new RealopsError('REALOPS_DATA_INVALID', messageOf(error));
    const source = wrapped.source ?? file.document.at(file.path);
    draft.add({ code: 'REALOPS_DATA_INVALID', message: wrapped.message, source, ...(wrapped.hint === undefined ? {} : { hint: wrapped.hint }) });
    return [];
  }
}

function parseRows(path: string, text: string): readonly JsonObject[] {
  switch (extname(path).toLowerCase()) {
    case '.tsv':
      return parseDelimited(path, text, '\t');
    case '.csv':
      return parseDelimited(path, text, ',');
    case '.jsonl':
    case '.ndjson':
      return parseJsonLines(path, text);
    case '.yaml':
    case '.yml':
    case '.json':
      return parseList(path, text);
    default:
      throw new RealopsError('REALOPS_DATA_INVALID', `data files end in .tsv, .csv, .jsonl, .yaml or .json, got "${extname(path)}"`, { hint: 'export the table as .tsv or .csv' });
  }
}

function parseJsonLines(path: string, text: string): readonly JsonObject[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = { file: path, line: index + 1 };
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      // The words of the engine differ between its versions; the position does not.
      const position = /at position (\d+)/.exec(messageOf(error))?.[1];
      throw new RealopsError('REALOPS_DATA_INVALID', 'the line is not JSON', { source: { ...place, column: 1 + Number(position ?? 0) }, hint: 'each line is one object: {"path": "a.wav", "sentence": "hej"}' });
    }
    if (!isJsonObject(value)) throw new RealopsError('REALOPS_DATA_INVALID', 'each line must be a JSON object', { source: { ...place, column: 1 + line.length - line.trimStart().length }, hint: 'e.g. {"path": "a.wav", "sentence": "hej"}' });
    return [value];
  });
}

function parseList(path: string, text: string): readonly JsonObject[] {
  const document = parseYaml(path, text, { maxBytes: 64 * 1024 * 1024 });
  const problem = document.problems[0];
  if (problem !== undefined) throw new RealopsError('REALOPS_DATA_INVALID', problem.message, { source: problem.source, hint: problem.hint });
  if (!Array.isArray(document.value)) throw new RealopsError('REALOPS_DATA_INVALID', 'the data file must hold a list of objects', { source: document.at([]), hint: 'e.g. - { path: a.wav, sentence: hej }' });
  return document.value.map((value, index) => {
    if (!isJsonObject(value)) throw new RealopsError('REALOPS_DATA_INVALID', 'every row must be an object', { source: document.at([index]) });
    return value;
  });
}

async function keepWhere(rows: readonly Row[], node: Node, text: string, functions: Functions, draft: Draft): Promise<readonly Row[]> {
  const columns: JsonObject = Object.fromEntries(rows.slice(0, 1_000).flatMap(({ values }) => Object.entries(values)));
  const { expression, problems } = compileExpression(text, {
    functions,
    ...(rows.length === 0 ? {} : { shape: shapeOfValue(Object.fromEntries(Object.keys(columns).map((key) => [key, null]))) }),
    locate: (offset, length) => within(node, offset, length),
  });
  for (const problem of problems) draft.add(problem);
  if (expression === undefined || problems.length > 0) return [];
  const kept: Row[] = [];
  for (const row of rows) {
    try {
      if (await expression.test(row.values)) kept.push(row);
    } catch (error) {
      draft.report('REALOPS_DATA_INVALID', `where cannot be decided for row ${row.number}: ${messageOf(error)}`, node, error instanceof RealopsError ? error.hint : undefined);
      return [];
    }
  }
  if (kept.length === 0 && rows.length > 0) draft.report('REALOPS_DATA_INVALID', `where keeps none of the ${rows.length} rows`, node, `row ${rows[0]?.number ?? 1} is ${preview(rows[0]?.values, 100)}`);
  return kept;
}
