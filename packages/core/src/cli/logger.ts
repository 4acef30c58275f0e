import type { Output } from '../model/outlet.js';
import type { JsonObject } from '../text/index.js';
import type { Logger } from '../plugin.js';

/** Messages for the operator on the error output: warnings always, everything with `--verbose` (through pino, which is loaded only then). */
export async function createLogger(verbose: boolean, error: Output): Promise<Logger> {
  const warn = (message: string): void => error.write(`realops: ${message}\n`);
  if (!verbose) return { debug: () => undefined, info: () => undefined, warn };
  const { pino } = await import('pino');
  const log = pino({ level: 'debug', base: null }, { write: (line: string) => error.write(line) });
  return {
    debug: (message: string, fields: JsonObject = {}) => log.debug(fields, message),
    info: (message: string, fields: JsonObject = {}) => log.info(fields, message),
    warn: (message: string, fields: JsonObject = {}) => log.warn(fields, message),
  };
}
