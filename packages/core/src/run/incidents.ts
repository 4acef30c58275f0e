import { join } from 'node:path';
import { incidentId, type Incident } from '../incident/incident.js';
import { readSystem, type SystemSample } from '../incident/system.js';
import { writeDiagnostics, writeIncident } from '../incident/write.js';
import type { CallParts } from './call-people.js';

/** Why people are called. */
export interface Reason {
  /** An alert or issue, for the name of the file. */
  readonly about: string;
  readonly title: string;
  readonly severity: Incident['severity'];
  readonly reasons: readonly string[];
}

/** The incidents of one run. */
export interface Incidents {
  /** Writes `incident-ID.md`. */
  open(reason: Reason): Promise<void>;
  /** Writes `diagnostics-ID.json`; incidents that are opened after it name it. */
  collect(reason: Reason & { readonly alerts: readonly string[] }): Promise<void>;
  /** The files written so far. */
  files(): readonly string[];
}

/** Files go into the run folder, or into the state folder when the run keeps none. */
export function openIncidents(parts: CallParts, state: string): Incidents {
  const { stream, host, recent, redactor, signal, id } = parts;
  const directory = parts.directory ?? join(state, 'incidents', id);
  const bundles: { readonly name: string; readonly what: string }[] = [];
  const written: string[] = [];
  let number = 0;
  let system: readonly SystemSample[] | undefined;
  const form = async ({ about, title, severity, reasons }: Reason): Promise<Omit<Incident, 'system' | 'files'> & { readonly system: readonly SystemSample[] }> => {
    await stream.drain(1_000, signal);
    number += 1;
    const now = host.clock.wall();
    system ??= (await parts.samples?.list()) ?? [await readSystem(now)];
    return { id: incidentId(number, about), title, severity, opened: now.toISOString(), reasons, report: parts.report(), events: recent.list(), earlierEvents: recent.dropped, system };
  };
  return {
    async open(reason) {
      const facts = await form(reason);
      const logs = parts.directory === undefined ? [] : [{ name: 'log.jsonl', what: 'every event of the run' }, { name: 'summary.md', what: 'the report' }];
      const file = await writeIncident({ ...facts, system: facts.system.at(-1) ?? null, files: [...bundles, ...logs] }, { directory, redactor });
      written.push(file);
      stream.publish({ event: 'incident_opened', incident: facts.id, title: reason.title, severity: reason.severity, reasons: reason.reasons, file });
    },
    async collect(reason) {
      const facts = await form(reason);
      const file = await writeDiagnostics(facts, { directory, redactor });
      bundles.push({ name: file, what: 'events, answers of failed steps, states of the machine' });
      written.push(file);
      stream.publish({ event: 'diagnostics_collected', alerts: reason.alerts, file });
    },
    files: () => written,
  };
}
