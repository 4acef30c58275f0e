import { formatValue } from '../metrics/format.js';
import { placesOf, type Cause } from '../wording/causes.js';
import { wrapWords } from './console-table.js';
import type { Style } from './console-style.js';
import { differenceOf } from '../wording/evidence.js';
import { plainJson, plainLine } from '../text/plain.js';
import { plural } from '../wording/words.js';

/**
 * One cause of failure in full: scenario, row and step with their place; expected and got, the difference marked; sent and received; timing, attempts,
 * trace; the command that runs only this again; and where else the same happened.
 */
export function failureLines(cause: Cause, columns: number, style: Style): readonly string[] {
  const { example, failures } = cause;
  const { error, source, expectations, sent, received } = example;
  const room = Math.max(40, columns - 16);
  const field = (name: string, text: string): readonly string[] => wrapWords(text, room).map((line, index) => `      ${style.dim((index === 0 ? name : '').padEnd(10))}${line}`);
  const broken = expectations.filter(({ held }) => !held).map((each) => differenceOf(each, room * 2));
  const place = `${plainLine(source.file)}:${source.line}`;
  return [
    `  ${style.bad('✗')} ${style.strong(plainLine(example.scenario))} row ${example.row}, step ${style.strong(plainLine(example.step))} (${plainLine(example.use)})  ${place}  ${plainLine(error.code)}`,
    ...broken.flatMap(({ expected, got, at }) =>
      at === null
        ? [...field('expected', expected), ...field('got', style.bad(got))]
        : [`      ${style.dim('expected  ')}${expected}`, `      ${style.dim('got       ')}${style.bad(got)}`, `      ${' '.repeat(10 + at)}^`],
    ),
    ...(broken.length > 0 ? [] : field('error', plainLine(error.message))),
    ...(error.hint === null ? [] : field('hint', plainLine(error.hint))),
    ...(sent === null ? [] : field('sent', plainJson(sent, room * 3))),
    ...(received === null ? [] : field('received', plainJson(received, room * 3))),
    ...field('took', `${formatValue(example.duration_ms, 'ms')}, ${plural(example.attempts, 'attempt')}, trace ${plainLine(example.trace_id)}`),
    ...(failures.length > 1 ? field('same', `${plural(failures.length, 'failure')} of this kind: ${placesOf(cause)}`) : []),
    `      ${style.dim('again     ')}${plainLine(example.command)}`,
  ];
}
