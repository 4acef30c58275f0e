import type { RunEvent } from '../events/event.js';
import { serialise } from '../events/serialise.js';
import type { Millis } from '../time/index.js';
import type { Incident } from './incident.js';
import type { SystemSample } from './system.js';

/** What a diagnostics bundle is made of. `system` holds samples, oldest first. */
export interface DiagnosticsParts extends Omit<Incident, 'system' | 'files'> {
  readonly system: readonly SystemSample[];
  /** Only events of this long before the bundle was made are in it; 10 minutes by default. */
  readonly windowMs?: Millis;
}

/** The largest bundle: it has to fit into a ticket. */
export const MOST_BYTES = 1_048_576;
const WINDOW_MS = 10 * 60_000;
/** Kept free for the head of the bundle and the list of what was left out. */
const FRAME_BYTES = 8_192;

/** One list of the bundle, what matters most first. */
interface Part {
  readonly name: string;
  readonly items: readonly string[];
  /** The items are newest first here, and oldest first in the bundle. */
  readonly reversed?: boolean;
}

/**
 * The text of `diagnostics-ID.json`: the report's parts, the last answers of failed steps, events, and states of the machine, as one JSON object of at
 * most `limit` bytes. What does not fit is counted under `left_out`: the least important and oldest first. Pure.
 */
export function diagnosticsText(parts: DiagnosticsParts, limit = MOST_BYTES): string {
  const { report, opened } = parts;
  const since = new Date(Date.parse(opened) - (parts.windowMs ?? WINDOW_MS)).toISOString();
  const recent = parts.events.filter(({ timestamp }) => timestamp >= since);
  const lists: readonly Part[] = [
    { name: 'alerts', items: report.alerts.map(text) },
    { name: 'diagnoses', items: report.diagnoses.map(text) },
    { name: 'remediations', items: report.remediations.map(text) },
    { name: 'manual_actions', items: report.manual_actions.map(text) },
    { name: 'system', items: newestFirst(parts.system.map(text)), reversed: true },
    { name: 'slos', items: report.slos.map(text) },
    { name: 'preflight', items: report.preflight.map(text) },
    { name: 'failed_steps', items: newestFirst(recent.filter(isFailedStep).map(serialise)), reversed: true },
    { name: 'warnings', items: newestFirst(report.warnings.map(text)), reversed: true },
    { name: 'metrics', items: report.metrics.map(text) },
    { name: 'events', items: newestFirst(recent.filter((event) => !isFailedStep(event)).map(serialise)), reversed: true },
  ];
  let room = limit - FRAME_BYTES;
  const left: { readonly what: string; readonly count: number; readonly why: string }[] = [];
  const bodies = lists.map(({ name, items, reversed }) => {
    const taken: string[] = [];
    for (const item of items) {
      const size = Buffer.byteLength(item) + 4;
      if (size > room) continue;
      room -= size;
      taken.push(item);
    }
    if (taken.length < items.length) left.push({ what: name, count: items.length - taken.length, why: `the bundle holds at most ${limit} bytes` });
    return `${JSON.stringify(name)}:[${(reversed === true ? newestFirst(taken) : taken).map((item) => `\n  ${item}`).join(',')}]`;
  });
  const old = parts.events.length - recent.length + parts.earlierEvents;
  if (old > 0) left.push({ what: 'events', count: old, why: `before ${since}` });
  const head = { version: 1, id: parts.id, title: cut(parts.title), severity: parts.severity, made: opened, reasons: parts.reasons.slice(0, 5).map(cut), suite: cut(report.suite), environment: report.environment, run_id: report.run_id, engine: report.engine, seed: report.seed, outcome: report.outcome, reason: cut(report.reason) };
  return `${JSON.stringify(head).slice(0, -1)},\n${bodies.join(',\n')},\n"left_out":${JSON.stringify(left)}}\n`;
}

function isFailedStep(event: RunEvent): boolean {
  return event.event === 'step_end' && event.error !== null && event.outcome !== 'skipped';
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

function newestFirst(items: readonly string[]): readonly string[] {
  return [...items].reverse();
}

function cut(value: string): string {
  return value.length > 400 ? `${value.slice(0, 400)}…` : value;
}
