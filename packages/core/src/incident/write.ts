import { join } from 'node:path';
import type { Redactor } from '../privacy/index.js';
import { writeFileAtomic } from '../text/index.js';
import { diagnosticsText, type DiagnosticsParts } from './diagnostics.js';
import type { Incident } from './incident.js';
import { incidentText } from './markdown.js';

/** Where files go, and what takes the last secrets out of them: facts of the ledger and the machine do not come from the stream. */
export interface IncidentPlace {
  /** The run folder, absolute. */
  readonly directory: string;
  readonly redactor: Redactor;
}

/** Writes `incident-ID.md`, whole or not at all, and gives its name. Rejects when the disk does. */
export async function writeIncident(incident: Incident, { directory, redactor }: IncidentPlace): Promise<string> {
  const name = `incident-${incident.id}.md`;
  await writeFileAtomic(join(directory, name), redactor.text(incidentText(incident)));
  return name;
}

/** Writes `diagnostics-ID.json`, whole or not at all, and gives its name. Rejects when the disk does. */
export async function writeDiagnostics(parts: DiagnosticsParts, { directory, redactor }: IncidentPlace): Promise<string> {
  const name = `diagnostics-${parts.id}.json`;
  const text = diagnosticsText(parts);
  await writeFileAtomic(join(directory, name), redactor.clean(text) ? text : `${JSON.stringify(redactor.json(JSON.parse(text)))}\n`);
  return name;
}
