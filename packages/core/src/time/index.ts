export { systemClock } from './clock.js';
export type { Clock, Millis } from './clock.js';
export { DURATION_PATTERN, formatDuration, parseDuration } from './duration.js';
export { startDeadline, untilAborted } from './deadline.js';
export type { Deadline } from './deadline.js';
