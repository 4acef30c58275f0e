import type { RunEvent } from '../events/event.js';
import type { RunReport } from '../events/report.js';
import type { SystemSample } from './system.js';

/** Everything an incident is told from. Texts come from the redacted stream. */
export interface Incident {
  /** See {@link incidentId}. */
  readonly id: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  /** UTC, ISO 8601. */
  readonly opened: string;
  /** What made it necessary, in sentences of plain text: the messages of the alerts, or why a person is needed. */
  readonly reasons: readonly string[];
  /** The report of the run as far as it has come. */
  readonly report: RunReport;
  /** Notable events, oldest first. */
  readonly events: readonly RunEvent[];
  /** How many notable events came before those. */
  readonly earlierEvents: number;
  readonly system: SystemSample | null;
  /** Files that tell more, relative to the run folder. */
  readonly files: readonly { readonly name: string; readonly what: string }[];
}

/** An id for file names, unique in its run folder: `001-guardian_emergency`. Counts from 1; `about` is an alert or issue. */
export function incidentId(number: number, about: string): string {
  const word = about.normalize('NFKD').replaceAll(/[^\w-]+/g, '_').replaceAll(/^_+|_+$/g, '').slice(0, 60);
  return `${String(number).padStart(3, '0')}${word === '' ? '' : `-${word}`}`;
}
