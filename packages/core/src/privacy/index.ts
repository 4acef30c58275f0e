export { redactError } from './error.js';
export { isSuspect } from './generic.js';
export { createRedactor } from './redact.js';
export type { Redactor } from './redact.js';
