export { writeFileAtomic } from './atomic-write.js';
export { isJsonObject, preview } from './json.js';
export type { Json, JsonObject } from './json.js';
export { sameValue } from './same-value.js';
export { suggest, suggestion } from './suggest.js';
export { createRandom, seedOf, shuffled } from './random.js';
export { numberToJson, roundToThousandths } from './decimal.js';
