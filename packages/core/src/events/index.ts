export type * from './event.js';
export type * from './report.js';
export { createFold, type Fold } from './fold.js';
export { readLog, type LogNote } from './read-log.js';
export { serialise } from './serialise.js';
export { splitLines } from './lines.js';
