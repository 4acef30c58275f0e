import { LineCounter, parseDocument, visit } from 'yaml';
import type { Findings } from './findings.js';

/** A value of a YAML file with the line of each part. */
export interface YamlFile {
  readonly value: unknown;
  /** The line of a part; of the nearest part around it when there is none. */
  lineOf(path: readonly (string | number)[]): number;
}

/** Test files of Home Assistant have some kilobytes. */
const MOST_BYTES = 1 << 20;

/** Reads YAML 1.2 without aliases, tags and other ways to be surprising; what is wrong becomes a fault. The only file that knows the library. */
export function parseYamlFile(text: string, findings: Findings): YamlFile | undefined {
  if (text.startsWith('\ufeff')) findings.tolerated('bom', 1);
  if (text.length > MOST_BYTES) return findings.fault(1, `has ${Math.round(text.length / 1024)} KiB; at most ${MOST_BYTES >> 10} are read`);
  const lineCounter = new LineCounter();
  const document = parseDocument(text.replace(/^\ufeff/u, ''), { lineCounter, version: '1.2', schema: 'core', merge: false, prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) return findings.fault(lineCounter.linePos(problem.pos[0]).line, `is no YAML that can be read: ${problem.message}`);
  let aliasAt: number | undefined;
  visit(document, { Alias: (_, { range }) => void (aliasAt ??= range?.[0] ?? 0) });
  if (aliasAt !== undefined) return findings.fault(lineCounter.linePos(aliasAt).line, 'holds an alias; values are written out here');
  return {
    value: document.toJS(),
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const node: unknown = document.getIn(path.slice(0, length), true);
        const range: unknown = Reflect.get(Object(node), 'range');
        if (Array.isArray(range) && typeof range[0] === 'number') return lineCounter.linePos(range[0]).line;
      }
      return 1;
    },
  };
}
