import type { NotifyMessage } from '../model/action-type.js';
import { plainJson } from '../text/plain.js';
import type { HeldTelling, Telling } from './state.js';

/** A message before the caller adds suite, run and fields. */
export type MessageDraft = Omit<NotifyMessage, 'suite' | 'runId' | 'fields'>;

const SEVERITIES = ['critical', 'major', 'minor'] as const;
/** So many tellings are spelt out in one message; the rest are counted. */
const MOST_TOLD = 20;

const STATE_WORDS: { readonly [S in Telling['state']]: string } = { fired: 'Alert', again: 'Still firing', cleared: 'Cleared', undecided: 'Cannot be decided' };

/** One message for alerts that changed together. */
export function messageOfStep(tellings: readonly Telling[]): MessageDraft {
  const [only] = tellings;
  const title = only !== undefined && tellings.length === 1 ? `${STATE_WORDS[only.state]}: ${only.title}` : `${tellings.length} alerts: ${counts(tellings)}`;
  return draft(title, tellings, tellings.map((telling) => paragraph(telling, tellings.length === 1 ? undefined : STATE_WORDS[telling.state])));
}

/** One message for what was held during quiet hours, in the order it happened. */
export function messageOfQuietHours(held: readonly HeldTelling[]): MessageDraft {
  const tellings = [...held].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const title = `During quiet hours: ${counts(tellings)}`;
  return draft(title, tellings, tellings.map((telling) => paragraph(telling, `${telling.at.slice(0, 16).replace('T', ' ')} UTC${telling.times > 1 ? ` (${telling.times} times, this is the last)` : ''} ${STATE_WORDS[telling.state].toLowerCase()}`)));
}

function draft(title: string, tellings: readonly Telling[], paragraphs: readonly string[]): MessageDraft {
  const fired = tellings.filter(({ state }) => state === 'fired' || state === 'again');
  const changed = tellings.filter(({ state }) => state !== 'undecided');
  const loudest = fired.length > 0 ? fired : tellings;
  const further = paragraphs.length - MOST_TOLD;
  return {
    title,
    text: [...paragraphs.slice(0, MOST_TOLD), ...(further > 0 ? [`and ${further} more`] : [])].join('\n\n'),
    severity: SEVERITIES.find((word) => loudest.some(({ severity }) => severity === word)) ?? 'minor',
    state: fired.length > 0 ? 'fired' : changed.length > 0 ? 'cleared' : 'info',
    alerts: changed.map(({ alert, state, severity, since, evidence }) => ({ id: alert, state: state === 'cleared' ? 'cleared' : 'fired', severity, since, evidence })),
  };
}

/** `2 fired, 1 cleared`. */
function counts(tellings: readonly Telling[]): string {
  const words = { fired: 'fired', again: 'still firing', cleared: 'cleared', undecided: 'cannot be decided' } as const;
  const parts = (['fired', 'again', 'cleared', 'undecided'] as const).map((state) => [tellings.filter((each) => each.state === state).length, words[state]] as const);
  return parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(', ');
}

function paragraph({ title, severity, message, evidence, since, state }: Telling, head: string | undefined): string {
  const first = head === undefined ? message : `${head}: ${title} (${severity})\n${message}`;
  const lines = Object.entries(evidence).map(([name, value]) => `  ${name} = ${plainJson(value, 200)}`);
  return [first, ...lines, ...(state === 'undecided' ? [] : [`  since ${since.slice(0, 19).replace('T', ' ')} UTC`])].join('\n');
}
