import { createRequire } from 'node:module';
import type * as Ajv from 'ajv';
import type Jsonata from 'jsonata';
import type * as Yaml from 'yaml';

/** The libraries that are loaded only when something needs them: many runs need none of them, and each costs some 10 ms of CPU. */
interface Libraries {
  readonly ajv: typeof Ajv;
  readonly jsonata: typeof Jsonata;
  readonly yaml: typeof Yaml;
}

const require = createRequire(import.meta.url);

/** A library, loaded at the first call. In the built package this module is replaced by one that takes it from `dist/late`, where the build puts one file for each. */
export function late<N extends keyof Libraries>(name: N): Libraries[N] {
  // The seam to a module that is known by its name alone.
  return require(name) as Libraries[N];
}
