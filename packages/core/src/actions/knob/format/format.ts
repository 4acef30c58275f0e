import { formatEnv } from './env.js';
import { formatJson } from './json.js';
import type { FileFormat } from './types.js';
import { formatYaml } from './yaml.js';

/** The kind of a file by the end of its name: JSON, YAML, else lines of KEY=VALUE. */
export function formatOf(file: string): FileFormat {
  if (/\.json$/i.test(file)) return formatJson;
  return /\.ya?ml$/i.test(file) ? formatYaml : formatEnv;
}
