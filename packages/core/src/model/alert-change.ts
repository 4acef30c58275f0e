import type { JsonObject } from '../text/index.js';
import type { Millis } from '../time/index.js';

/** An alert that fired or cleared, as the events `alert_fired` and `alert_cleared` hold it. */
export interface AlertChange {
  readonly alert: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  /** When its condition began to hold; UTC, ISO 8601. */
  readonly since: string;
  /** Fired: how long the condition had held. Cleared: how long the alert had been firing. */
  readonly for_ms: Millis;
  /** The values that the condition read. */
  readonly evidence: JsonObject;
  /** One sentence: what holds, or what is over. */
  readonly message: string;
}
