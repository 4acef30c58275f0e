import { RealopsError } from '../errors/index.js';
import type { Plugin } from '../model/plugin.js';
import { locateModule } from './plugin-module.js';
import { importFrom } from './plugins.js';

/**
 * Imports a plugin as a suite in that folder would; undefined when there is none of that name.
 * @throws RealopsError REALOPS_PLUGIN_INVALID when it is there and cannot be used
 */
export async function findPlugin(name: string, directory: string): Promise<Plugin | undefined> {
  if (locateModule(name, directory) === undefined) return undefined;
  const imported = await importFrom(name, directory);
  if (imported.plugin !== undefined) return imported.plugin;
  throw new RealopsError('REALOPS_PLUGIN_INVALID', imported.message, { hint: imported.hint });
}
