import { RealopsError, type Json } from '../plugin.js';
import { isJsonObject } from '../text/index.js';

/**
 * A parameter without a type of its own as JSON. Parameters come from YAML, so nothing else can stand there.
 * @throws RealopsError REALOPS_WITH_INVALID for anything that JSON cannot hold
 */
export function asJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(asJson);
  if (isJsonObject(value)) return value;
  throw new RealopsError('REALOPS_WITH_INVALID', `a parameter is ${typeof value}, which is not JSON`);
}
