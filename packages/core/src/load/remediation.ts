import type { Suite } from '../model/suite.js';
import type { Registry } from './registry.js';

/** What a suite says of diagnoses, knobs, remedies, alerts, messages and the loop. */
export type Remediation = Pick<Suite, 'diagnoses' | 'knobs' | 'remedies' | 'actions' | 'alerts' | 'channels' | 'loop'>;

/** Every quarter of an hour, with the time limits of the phases left open. */
const DEFAULT_LOOP: Suite['loop'] = { schedule: { everyMs: 15 * 60_000 }, failingEveryMs: undefined, budget: {}, healthPort: undefined };

/** Loads those sections of all files. */
export function loadRemediation(registry: Registry): Remediation {
  return { diagnoses: [], knobs: new Map(), remedies: [], actions: registry.actions, alerts: [], channels: new Map(), loop: DEFAULT_LOOP };
}
