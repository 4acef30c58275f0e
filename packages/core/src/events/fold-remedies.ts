import type { Diagnosed } from '../model/remedy.js';
import type { RunEvent } from './event.js';
import type { RemedyChange } from './remedy-event.js';
import type { AlertReport, IncidentReport, RemediationReport } from './report.js';

/** What a run found to be the cause, changed and told. */
export interface RemedyFold {
  on(event: RunEvent): void;
  remediations(): readonly RemediationReport[];
  diagnoses(): readonly Diagnosed[];
  held(): readonly { readonly issue: string; readonly remedy: string | null; readonly why: string }[];
  alerts(): readonly AlertReport[];
  incidents(): readonly IncidentReport[];
  diagnostics(): readonly string[];
}

/** Nothing found or changed yet. */
export function createRemedyFold(): RemedyFold {
  const remediations = new Map<string, RemediationReport>();
  const diagnoses: Diagnosed[] = [];
  const held: { readonly issue: string; readonly remedy: string | null; readonly why: string }[] = [];
  const alerts: AlertReport[] = [];
  const incidents: IncidentReport[] = [];
  const diagnostics: string[] = [];
  const set = (change: RemedyChange, atMs: number, more: Partial<RemediationReport>): void => {
    const known = remediations.get(change.id) ?? { ...change, state: 'applied', why: '', shifts: [], guards: [], command: null, digest: null, at_ms: atMs };
    remediations.set(change.id, { ...known, ...more });
  };
  return {
    on(event) {
      switch (event.event) {
        case 'diagnosed':
          diagnoses.push({ diagnosis: event.diagnosis, cause: event.cause, confidence: event.confidence, slos: event.slos, evidence: event.evidence, undecided: event.undecided });
          break;
        case 'remediation_held':
          held.push({ issue: event.issue, remedy: event.remedy, why: event.why });
          break;
        case 'remediation_proposed':
          set(event.change, event.at_ms, { state: 'proposed', why: event.why, command: event.command, digest: event.digest });
          break;
        case 'remediation_applied':
          set(event.change, event.at_ms, { state: 'applied' });
          break;
        case 'remediation_validated': {
          const known = remediations.get(event.id);
          if (known !== undefined) remediations.set(event.id, { ...known, state: event.result === 'pass' ? 'kept' : 'failed', why: event.why, shifts: event.slos, guards: event.guards });
          break;
        }
        case 'remediation_ended':
          set(event.change, event.at_ms, { state: event.state, why: event.why });
          break;
        case 'remediation_rolled_back':
          set(event.change, event.at_ms, { state: 'rolled-back', ...(remediations.get(event.change.id)?.why === undefined ? { why: event.reason } : {}) });
          break;
        case 'alert_fired':
          alerts.push({ alert: event.alert, title: event.title, severity: event.severity, state: 'fired', since: event.since, message: event.message });
          break;
        case 'alert_cleared':
          alerts.push({ alert: event.alert, title: event.title, severity: event.severity, state: 'cleared', since: event.since, message: event.message });
          break;
        case 'incident_opened':
          incidents.push({ id: event.incident, title: event.title, severity: event.severity, file: event.file });
          break;
        case 'diagnostics_collected':
          diagnostics.push(event.file);
          break;
        default:
          break;
      }
    },
    remediations: () => [...remediations.values()],
    diagnoses: () => [...diagnoses],
    held: () => [...held],
    alerts: () => [...alerts],
    incidents: () => [...incidents],
    diagnostics: () => [...diagnostics],
  };
}
