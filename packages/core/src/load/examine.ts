import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors/index.js';
import type { CheckContext, CheckResult, Plugin, PluginCheck } from '../model/plugin.js';
import { isJsonObject } from '../text/index.js';
import { startDeadline, systemClock } from '../time/index.js';
import { importFrom } from './plugins.js';

/** How a machine is examined. */
export interface ExamineOptions {
  /** The folder from which plugins are looked for, as from that of a suite. */
  readonly directory: string;
  /** Plugins by package name or path, besides those of the project that are installed. */
  readonly plugins?: readonly string[];
  readonly env?: { readonly [name: string]: string | undefined };
  readonly signal?: AbortSignal;
}

/** A plugin that was looked for. */
export interface ExaminedPlugin {
  readonly name: string;
  readonly state: 'ok' | 'broken';
  /** Of its package; null for a module beside a suite. */
  readonly version: string | null;
  /** Where it lies, or why it cannot be used. */
  readonly message: string;
  readonly hint: string | null;
}

/** What a check of a plugin found. */
export interface ExaminedCheck {
  readonly plugin: string;
  readonly name: string;
  readonly description: string;
  readonly state: CheckResult['state'];
  readonly message: string;
  readonly hint: string | null;
}

/** What there is on a machine. */
export interface Examination {
  readonly plugins: readonly ExaminedPlugin[];
  readonly checks: readonly ExaminedCheck[];
}

const SCOPE = '@alice';
const PREFIX = 'realops-plugin-';
const CHECK_MS = 10_000;

/** Finds the plugins that a suite in the folder could name and runs the checks that they bring. Never rejects for what it finds. */
export async function examine({ directory, plugins = [], env = {}, signal = new AbortController().signal }: ExamineOptions): Promise<Examination> {
  const names = [...new Set([...(await installedPlugins(directory)), ...plugins])];
  const imported = await Promise.all(names.map(async (name) => ({ name, ...(await importFrom(name, directory)) })));
  const variables = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const checks = imported.flatMap((each) => (each.plugin === undefined ? [] : checksOf(each.plugin)));
  return {
    plugins: await Promise.all(imported.map(async (each): Promise<ExaminedPlugin> => {
      if (each.plugin === undefined) return { name: each.name, state: 'broken', version: null, message: each.message, hint: each.hint };
      const path = fileURLToPath(each.url);
      return { name: each.plugin.name, state: 'ok', version: await versionOf(each.plugin.name, dirname(path)), message: path, hint: null };
    })),
    checks: await Promise.all(checks.map(async ([plugin, check]) => ({ plugin, name: check.name, description: check.description, ...(await resultOf(check, variables, signal)) }))),
  };
}

function checksOf(plugin: Plugin): readonly (readonly [string, PluginCheck])[] {
  return (plugin.checks ?? []).map((check) => [plugin.name, check] as const);
}

async function resultOf(check: PluginCheck, env: CheckContext['env'], signal: AbortSignal): Promise<Pick<ExaminedCheck, 'state' | 'message' | 'hint'>> {
  using deadline = startDeadline(systemClock, CHECK_MS, signal, `the check ${check.name}`);
  try {
    const { state, message, hint = null } = await deadline.race(check.run({ env, clock: systemClock, signal: deadline.signal }));
    return { state, message, hint };
  } catch (error) {
    return { state: 'broken', message: messageOf(error), hint: null };
  }
}

/** The packages of the project that can be seen from the folder, or from beside the engine, in the order of the alphabet. */
async function installedPlugins(directory: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let folder of [directory, dirname(fileURLToPath(import.meta.url))]) {
    for (let parent = ''; parent !== folder; [parent, folder] = [folder, dirname(folder)]) {
      const entries = await readdir(join(folder, 'node_modules', SCOPE)).catch(() => []);
      for (const entry of entries) if (entry.startsWith(PREFIX)) found.add(`${SCOPE}/${entry}`);
    }
  }
  return [...found].sort();
}

/** The version in the package.json of that name, in the folder or above it. */
async function versionOf(name: string, folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  const description: unknown = text === undefined ? undefined : JSON.parse(text);
  if (isJsonObject(description) && description['name'] === name) return typeof description['version'] === 'string' ? description['version'] : null;
  return dirname(folder) === folder ? null : versionOf(name, dirname(folder));
}
