import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isJsonObject } from '../text/index.js';

/** The URL of a module that a suite names: a path starts from the folder of the suite, a package is looked for from there and then beside the engine. Undefined when there is none. */
export function locateModule(name: string, directory: string): string | undefined {
  if (isPath(name)) {
    const path = resolve(directory, name);
    return existsSync(path) ? pathToFileURL(path).href : undefined;
  }
  const path = resolveFrom(join(directory, 'suite.js'), name) ?? entryOf(name, directory) ?? resolveFrom(import.meta.url, name);
  return path === undefined ? undefined : pathToFileURL(path).href;
}

/** Whether a plugin is named by its path. */
export function isPath(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/');
}

function resolveFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

/** The entry of a package that can only be imported, which `require` refuses to find: the first of its conditions that Node.js admits for an import. */
function entryOf(name: string, directory: string): string | undefined {
  const folder = join(directory, 'node_modules', name);
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return dirname(directory) === directory ? undefined : entryOf(name, dirname(directory));
  const description: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const exports = isJsonObject(description) ? description['exports'] : undefined;
  const target = importTarget(isJsonObject(exports) && exports['.'] !== undefined ? exports['.'] : exports);
  return target === undefined ? undefined : join(folder, target);
}

function importTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isJsonObject(target)) return undefined;
  const condition = Object.keys(target).find((key) => key === 'import' || key === 'node' || key === 'default');
  return condition === undefined ? undefined : importTarget(target[condition]);
}
