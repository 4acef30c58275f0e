export { systemClock } from './clock.js';
export type { Clock, Millis } from './clock.js';
export { DURATION_PATTERN, parseDuration } from './duration.js';
export { startDeadline, untilAborted } from './deadline.js';
export type { Deadline } from './deadline.js';
export { createTurns } from './turns.js';
export type { Turns } from './turns.js';
