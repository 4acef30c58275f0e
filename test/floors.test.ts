import { describe, expect, it } from 'vitest';
import { importsOf, sourceOf, sources, type Import } from './imports.js';

/** The floors of the architecture: what stands on one may import what stands below. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'time', 'resource', 'text', 'journal', 'late'],
  ['yaml', 'expression', 'schema', 'privacy'],
  ['model', 'metrics', 'events', 'wording'],
  ['load', 'plan', 'run', 'judge', 'remedy', 'diagnose', 'alert', 'incident'],
  ['steps', 'actions', 'reporters', 'sinks', 'page', 'notifiers'],
  ['index.ts', 'plugin.ts', 'testing.ts', 'testing', 'cli'],
];
/** Where each library is imported: in one file, so that it can be replaced there. */
const HOMES: { readonly [library: string]: string } = { croner: 'time/cron.ts', jsonata: 'expression/compile.ts', ajv: 'schema/validate.ts', yaml: 'yaml/document.ts', pino: 'cli/logger.ts', nodemailer: 'notifiers/email.ts' };
/** The one place that loads libraries when they are first needed. */
const LATE = 'late/late.ts';

const part = (file: string): string => file.split('/')[0] ?? '';
const floorOf = (file: string): number => FLOORS.findIndex((names) => names.includes(part(file)));
const show = ({ from, to, typeOnly }: Import): string => `${from} → ${to}${typeOnly ? ' (types)' : ''}`;
const all = sources().flatMap(importsOf);
const inside = all.filter(({ relative }) => relative);
/** plugin.ts is the interface: types, functions that give back what they are given, and the error class. */
const isInterface = ({ to }: Import): boolean => to === 'plugin.ts';
/** A test file's own helpers stand beside it and are no part of the product. */
const isHelper = (file: string): boolean => /(?:^|\/)(?:sample-run|support)\.ts$/.test(file);

describe('the floors of the core', () => {
  it('every file stands on one', () => {
    expect(sources().filter((file) => floorOf(file) < 0)).toEqual([]);
  });

  it('imports point down, or stay on their floor; only types are read upwards from the plugin interface', () => {
    const up = inside.filter((each) => floorOf(each.to) > floorOf(each.from) && !(isInterface(each) && (floorOf(each.from) >= 3 || each.typeOnly)));
    expect(up.map(show)).toEqual([]);
  });

  it('plugin.ts imports nothing at run time but the error class', () => {
    const values = inside.filter(({ from, typeOnly }) => from === 'plugin.ts' && !typeOnly);
    expect(values.map(({ to }) => to)).toEqual(['errors/index.ts']);
  });

  it('load and run do not see each other', () => {
    const crossing = inside.filter(({ from, to }) => (part(from) === 'load' && part(to) === 'run') || (part(from) === 'run' && part(to) === 'load'));
    expect(crossing.map(show)).toEqual([]);
  });

  it('step types, actions, reporters, notifiers and page know the plugin interface and the floors 0 to 2, and none of their neighbours', () => {
    const allowed = (each: Import): boolean => isInterface(each) || floorOf(each.to) <= 2 || part(each.to) === part(each.from) || (part(each.from) === 'reporters' && part(each.to) === 'page');
    expect(inside.filter((each) => ['steps', 'actions', 'reporters', 'notifiers', 'page'].includes(part(each.from)) && !isHelper(each.from) && !allowed(each)).map(show)).toEqual([]);
  });

  it('the command line knows the public entries and the ground', () => {
    // The version alone is read without the engine, so that --version is quick.
    const allowed = (each: Import): boolean => part(each.to) === 'cli' || each.to === 'index.ts' || each.to === 'reporters/index.ts' || each.to === 'run/version.ts' || floorOf(each.to) === 0 || each.typeOnly;
    expect(inside.filter((each) => part(each.from) === 'cli' && !allowed(each)).map(show)).toEqual([]);
  });

  it('no file needs itself at run time', () => {
    const needs = new Map<string, string[]>();
    for (const { from, to, typeOnly } of inside) if (!typeOnly) needs.set(from, [...(needs.get(from) ?? []), to]);
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file)) return;
      for (const next of needs.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of sources()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it.each(Object.entries(HOMES))('%s is imported in one file', (library, home) => {
    const importers = all.filter(({ from, to, relative }) => !relative && from !== LATE && (to === library || to.startsWith(`${library}/`))).map(({ from }) => from);
    expect([...new Set(importers)]).toEqual([home]);
  });

  it('what is loaded late is asked for where it is at home, and its loader knows types alone', () => {
    expect(new Set(inside.filter(({ to }) => to === LATE).map(({ from }) => from))).toEqual(new Set([HOMES['ajv'], HOMES['jsonata'], HOMES['yaml']]));
    expect(all.filter(({ from, to, typeOnly }) => from === LATE && !typeOnly && !to.startsWith('node:')).map(show)).toEqual([]);
  });
});

describe('nothing ambient', () => {
  const BANNED: { readonly [what: string]: RegExp } = {
    process: /(?<![\w.'"`#@-])process\.(?!$)\w/,
    console: /(?<![\w.'"`-])console\.(?:log|error|warn|info|debug)\b/,
    'the clock of the machine': /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    'randomness of the machine': /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/,
  };
  const files = sources().filter((file) => part(file) !== 'cli' && file !== 'time/clock.ts');
  /**
   * The name of a file that is renamed at once: two processes must not choose the same, and it appears in no output. And the process table: actions signal
   * the services they are told to, and must know themselves in order to leave themselves alone.
   */
  const UNSEEN: { readonly [file: string]: string } = { 'text/atomic-write.ts': 'randomness of the machine', 'actions/system/processes.ts': 'process' };

  it.each(Object.entries(BANNED))('no file but cli and time/clock.ts takes %s', (what, pattern) => {
    const found = files.filter((file) => UNSEEN[file] !== what).flatMap((file) =>
      withoutComments(sourceOf(file)).split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 100)}`] : [])));
    expect(found).toEqual([]);
  });
});

/** The text with comments blanked, so that lines keep their numbers. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' ')).replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}
