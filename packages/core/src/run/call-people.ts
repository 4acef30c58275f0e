import { existsSync } from 'node:fs';
import { observeAlerts } from '../alert/observe.js';
import { stepAlerts, type AlertEffect } from '../alert/step.js';
import { withDiagnosis } from '../diagnose/scope.js';
import { asRealopsError, messageOf } from '../errors/index.js';
import { shellQuote } from '../events/shell.js';
import type { RunReport } from '../events/report.js';
import type { AlertChange } from '../model/alert-change.js';
import type { JudgedSlo } from '../model/slo.js';
import type { AftermathParts } from './aftermath.js';
import { alertFile, readAlerts, saveAlerts, type KeptAlerts } from './alert-file.js';
import type { FollowUp } from './follow-up.js';
import { openIncidents, type Incidents } from './incidents.js';
import type { Insight } from './insight.js';
import { sendMessages, type Waiting } from './notify.js';
import type { Call } from './for-people.js';
import { scenariosOf } from './revalidate.js';

/** What people are called with. */
export interface CallParts extends Omit<AftermathParts, 'slos'> {
  readonly slos: readonly JudgedSlo[];
  readonly calls: readonly Call[];
  /** What the rules make of the run as it ended. */
  readonly look: () => Promise<Insight>;
  /** The report of the run as far as it has come. */
  readonly report: () => RunReport;
}

/**
 * Opens incidents for what remedies call people for, then looks at the alerts once: those that fire or clear are told, files are written, messages sent, and what they
 * ask to be run is passed on. What is known of alerts is on disk before anything is done.
 */
export async function callPeople(parts: CallParts): Promise<void> {
  const { suite, options, remedies, stream, calls } = parts;
  const folder = options.state;
  if (folder === undefined) return;
  const incidents = openIncidents(parts, folder);
  for (const call of calls) await incidents.open({ ...call, severity: 'critical' });
  if (!remedies.alone || (suite.alerts.length === 0 && !existsSync(alertFile(folder)))) return;
  const kept = await readAlerts(folder, (message) => stream.publish({ event: 'warning', about: 'alerts', code: 'REALOPS_ALERT_STATE', message }));
  const { scope, leading } = await parts.look();
  const conditions = await observeAlerts(suite.alerts, withDiagnosis(scope, leading));
  const now = parts.host.clock.wall().getTime();
  const { state, effects } = stepAlerts(kept.state, { now, rules: suite.alerts, conditions });
  const messages = [...kept.undelivered, ...effects.flatMap((effect): Waiting[] => (effect.kind === 'notify' ? [{ channel: effect.channel, message: effect.message, since: now }] : []))];
  // What is to be sent is on disk first and taken off when it went out: after a crash in between it goes out with the next run, perhaps a second time.
  await keep({ state, undelivered: messages });
  for (const effect of effects) await act(effect, parts, incidents);
  const undelivered = await sendMessages(messages, { ...parts, now, incidents: incidents.files() });
  if (messages.length > 0) await keep({ state, undelivered });

  async function keep(alerts: KeptAlerts): Promise<void> {
    try {
      await saveAlerts(folder ?? '', alerts);
    } catch (error) {
      // Told twice is better than not told.
      stream.publish({ event: 'warning', about: 'alerts', code: 'REALOPS_ALERT_STATE', message: `what is known of them could not be kept, so they may be told again: ${messageOf(error)}` });
    }
  }
}

async function act(effect: AlertEffect, parts: CallParts, incidents: Incidents): Promise<void> {
  const { stream } = parts;
  switch (effect.kind) {
    case 'event': {
      const { alert, title, severity, since, message, evidence } = effect.change;
      if (effect.event === 'alert_fired') stream.publish({ event: 'alert_fired', alert, title, severity, since, message, evidence });
      else stream.publish({ event: 'alert_cleared', alert, title, severity, since, message });
      return;
    }
    case 'undecided':
      return stream.publish({ event: 'warning', about: effect.alert, code: 'REALOPS_ALERT_UNDECIDED', message: effect.reason });
    case 'notify':
      return;
    case 'act':
      break;
  }
  const { action, alerts } = effect;
  try {
    if (action === 'collect-diagnostics') await incidents.collect(asCall(alerts));
    else if (action === 'create-incident') await incidents.open(asCall(alerts));
    else followUp(action, alerts, parts);
  } catch (thrown) {
    const error = asRealopsError(thrown, 'REALOPS_ALERT_STATE');
    stream.publish({ event: 'warning', about: action, code: error.code, message: error.message });
  }
}

const SEVERITIES = ['critical', 'major', 'minor'] as const;

function asCall(alerts: readonly AlertChange[]): Parameters<Incidents['open']>[0] & { readonly alerts: readonly string[] } {
  const severity = SEVERITIES.find((word) => alerts.some((alert) => alert.severity === word)) ?? 'minor';
  const first = alerts.find((alert) => alert.severity === severity);
  const title = `${first?.title ?? 'alert'}${alerts.length > 1 ? ` and ${alerts.length - 1} more` : ''}`;
  return { about: first?.alert ?? 'alert', title, severity, reasons: alerts.map(({ title: name, message }) => `${name}: ${message}`), alerts: alerts.map(({ alert }) => alert) };
}

function followUp(kind: FollowUp['kind'], alerts: readonly AlertChange[], parts: CallParts): void {
  const { options, stream, suite } = parts;
  const next: FollowUp = { kind, scenarios: failedScenarios(parts), alerts: alerts.map(({ alert }) => alert) };
  if (options.onFollowUp !== undefined) return options.onFollowUp(next);
  const words = [shellQuote(options.suiteArgument ?? suite.file), ...(options.stateArgument === undefined ? [] : ['--state', shellQuote(options.stateArgument)]), ...next.scenarios.flatMap((id) => ['--scenario', shellQuote(id)]), '--remediate', kind === 'retest' ? 'off' : 'apply'];
  const what = kind === 'retest' ? 'to look again at once' : 'for a remedy';
  stream.publish({ event: 'manual_required', what: `${alerts.map(({ title }) => title).join(', ')} asks ${what}: run the scenarios that failed again`, command: `realops run ${words.join(' ')}` });
}

/** The scenarios with failed rows and those that failing SLOs were judged by, in the order of the plan. */
function failedScenarios({ suite, slos, executed, store, failed, plan }: CallParts): readonly string[] {
  const tags = new Map(suite.scenarios.map(({ id, tags: each }) => [id, each]));
  const failing = new Set(slos.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id));
  const wanted = new Set([...executed.failedIn.keys(), ...suite.slos.filter(({ id }) => failing.has(id)).flatMap((slo) => scenariosOf(slo, store, failed, (id) => tags.get(id) ?? []))]);
  return plan.scenarios.map(({ scenario }) => scenario.id).filter((id) => wanted.has(id));
}
