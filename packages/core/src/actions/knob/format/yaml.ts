import { parseYaml } from '../../../yaml/index.js';
import { valueAt } from '../pointer.js';
import { brokenFile, type FileFormat } from './types.js';

/** YAML. A value that stands on one line is replaced where it stands; quotes stay quotes. */
export const formatYaml: FileFormat = {
  name: 'YAML',
  parse(file, text) {
    const { value, problems } = parseYaml(file, text);
    const [problem] = problems;
    if (problem === undefined) return value ?? null;
    throw brokenFile(file, `cannot be read${problem.source === undefined ? '' : ` (line ${problem.source.line})`}: ${problem.message}`, problem.hint);
  },
  replace(file, text, keys, value) {
    const document = parseYaml(file, text);
    const root = document.value;
    if (root === undefined || valueAt(root, keys) === undefined) return undefined;
    const path = keys.map((key, depth) => (Array.isArray(valueAt(root, keys.slice(0, depth))) ? Number(key) : key));
    const { line, column, endColumn } = document.at(path);
    if (endColumn === undefined) return undefined;
    const begin = startOfLine(text, line);
    const [start, end] = [begin + column - 1, begin + endColumn - 1];
    return { start, end, text: write(value, text.slice(start, end)) };
  },
};

/** The text of a value in the style of the one that it replaces. */
function write(value: unknown, old: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return old.startsWith('"') || old.startsWith("'") ? `${old.slice(0, 1)}${String(value)}${old.slice(0, 1)}` : String(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (old.startsWith("'") && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return !old.startsWith('"') && /^[A-Za-z][\w./-]*$/.test(value) && !/^(?:true|false|null|y|n|yes|no|on|off)$/i.test(value) ? value : JSON.stringify(value);
}

function startOfLine(text: string, line: number): number {
  let start = 0;
  for (const found of text.matchAll(/\r\n|\r|\n/g)) {
    line -= 1;
    if (line === 0) break;
    start = found.index + found[0].length;
  }
  return start;
}
