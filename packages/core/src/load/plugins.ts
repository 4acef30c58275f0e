import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../errors/index.js';
import type { Plugin } from '../plugin.js';
import { isJsonObject } from '../text/index.js';
import type { Draft, Node } from './draft.js';

/** Imports a plugin named in a suite: a path that begins with `.` or `/` starts from the file, anything else is a package seen from there. */
export async function importPlugin(node: Node, name: string, draft: Draft): Promise<Plugin | undefined> {
  const directory = dirname(node.document.file);
  let exported: unknown;
  try {
    exported = await importModule(name, directory);
  } catch (error) {
    const hint = name.startsWith('.') ? 'the path starts from the suite file and needs its ending, e.g. ./my-plugin.js' : `install it beside the suite: npm install ${name}`;
    draft.report('REALOPS_PLUGIN_INVALID', `the plugin ${name} cannot be loaded: ${messageOf(error)}`, node, hint);
    return undefined;
  }
  const plugin = typeof exported === 'object' && exported !== null && 'default' in exported ? exported.default : undefined;
  const wrong = whatIsWrong(plugin);
  if (wrong !== undefined) {
    draft.report('REALOPS_PLUGIN_INVALID', `the plugin ${name} ${wrong}`, node, 'its module must default-export definePlugin({ name, apiVersion: 1, … })');
    return undefined;
  }
  // The seam where a module from outside becomes a plugin; its parts are checked when they are registered.
  return plugin as Plugin;
}

async function importModule(name: string, directory: string): Promise<unknown> {
  if (name.startsWith('.') || name.startsWith('/')) return import(pathToFileURL(resolve(directory, name)).href);
  let path: string;
  try {
    path = createRequire(join(directory, 'suite.js')).resolve(name);
  } catch {
    return import(name);
  }
  return import(pathToFileURL(path).href);
}

function whatIsWrong(plugin: unknown): string | undefined {
  if (!isJsonObject(plugin)) return 'has no default export that is a plugin';
  if (plugin['apiVersion'] !== 1) return `was written for version ${JSON.stringify(plugin['apiVersion'])} of the plugin interface; this engine speaks version 1`;
  if (typeof plugin['name'] !== 'string') return 'has no name';
  for (const key of ['steps', 'reporters', 'sinks'] as const) if (plugin[key] !== undefined && !Array.isArray(plugin[key])) return `gives ${key} that are not a list`;
  return undefined;
}
