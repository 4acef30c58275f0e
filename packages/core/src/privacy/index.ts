export { createRedactor } from './redact.js';
export type { Redactor } from './redact.js';
