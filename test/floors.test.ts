import { describe, expect, it } from 'vitest';
import { edges, packagesOf, sources, type Edge } from './imports.js';

/** The floors of the core: imports point down. What stands on one floor may see each other below floor 3; above it only as listed. */
const FLOORS: readonly (readonly string[])[] = [
  ['errors', 'time', 'resource', 'journal', 'text'],
  ['yaml', 'expression', 'schema', 'privacy'],
  ['model', 'metrics', 'events'],
  ['load', 'plan', 'run', 'judge', 'traffic', 'diagnose', 'remedy', 'alert'],
  ['steps', 'reporters', 'sinks', 'page', 'telemetry', 'datasets', 'dashboard', 'dispatch'],
  ['index.ts', 'plugin.ts', 'testing.ts', 'testing', 'cli'],
];
/** `load` reads the grammar of objectives, `run` composes plan and judge; the page and the reporters say things in the same words. */
const SIDEWAYS: { readonly [from: string]: readonly string[] } = {
  load: ['judge'], run: ['plan', 'judge'], reporters: ['page'], page: ['reporters'], 'index.ts': ['plugin.ts'], 'testing.ts': ['testing'], testing: ['plugin.ts'], cli: ['index.ts', 'plugin.ts', 'testing.ts'],
};
/** The one door upwards: outlets are written against the public plugin interface, as anybody's are. */
const PUBLIC = 'plugin.ts';
const OUTLETS = FLOORS[4] ?? [];

const areaOf = (path: string): string => path.split('/')[0] ?? path;
const floorOf = (path: string): number => FLOORS.findIndex((areas) => areas.includes(areaOf(path)));
const shown = ({ from, to }: Edge): string => `${from} imports ${to}`;
const all = edges();

describe('floors', () => {
  it('every file stands on a floor', () => {
    expect(sources().filter((path) => floorOf(path) < 0)).toEqual([]);
  });

  it('imports point down', () => {
    const wrong = all.filter(({ from, to }) => {
      const [above, below] = [floorOf(from), floorOf(to)];
      if (areaOf(from) === areaOf(to) || below < above) return false;
      if (to === PUBLIC && OUTLETS.includes(areaOf(from))) return false;
      return below > above || (above > 2 && !(SIDEWAYS[areaOf(from)] ?? []).includes(areaOf(to)));
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it('outlets know the plugin interface and floors 0 to 2, never the engine', () => {
    const wrong = all.filter(({ from, to }) => OUTLETS.includes(areaOf(from)) && floorOf(to) === 3);
    expect(wrong.map(shown)).toEqual([]);
  });

  it('the command line uses the public entries; from within only what costs nothing to start', () => {
    const entries = ['index.ts', 'plugin.ts', 'testing.ts', 'reporters/index.ts'];
    const light = ['run/version.ts', 'text/suggest.ts'];
    const wrong = all.filter(({ from, to, real }) => areaOf(from) === 'cli' && areaOf(to) !== 'cli' && real && !entries.includes(to) && !light.includes(to));
    expect(wrong.map(shown)).toEqual([]);
  });

  it('no file imports itself by way of others', () => {
    expect(cycles(all.filter(({ real }) => real))).toEqual([]);
  });
});

describe('libraries', () => {
  const homes = { ajv: 'schema/validate.ts', jsonata: 'expression/compile.ts', pino: 'cli/logger.ts', yaml: 'yaml/' };

  it.each(Object.entries(homes))('%s is imported in %s only', (name, home) => {
    const users = sources().filter((path) => packagesOf(path).some((each) => each.name === name && each.real));
    expect(users.filter((path) => !path.startsWith(home))).toEqual([]);
  });

  it('the plugin interface needs nothing at run time', () => {
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { from, to, real } of all) if (from === path && real) visit(to);
    };
    visit(PUBLIC);
    expect([...seen].flatMap((path) => packagesOf(path).filter(({ real }) => real).map(({ name }) => `${path}: ${name}`))).toEqual([]);
  });
});

/** One line for each ring of imports. */
function cycles(graph: readonly Edge[]): readonly string[] {
  const next = new Map<string, Edge[]>();
  for (const edge of graph) next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(' > '));
    if (at >= 0 || done.has(path)) return;
    for (const { to } of next.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}
