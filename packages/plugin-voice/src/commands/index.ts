import type { PluginCommand } from '@alice/realops/plugin';
import { calibrate } from './calibrate.js';
import { compare } from './compare.js';
import { noise } from './noise.js';
import { prepare } from './prepare.js';

/** The commands of `realops voice`. */
export const commands: readonly PluginCommand[] = [prepare, noise, calibrate, compare];
