import { plainLine, plainText } from '../text/plain.js';
import { defineNotifier, type NotifyMessage } from '../plugin.js';
import { requiredText, textOption } from './options.js';
import { postJson } from './post.js';

/** Posts a message to an incoming webhook of Slack, or of what takes the same body: Mattermost, Rocket.Chat, Zulip. */
export const slack = defineNotifier({
  name: 'slack',
  description: 'Posts the message to an incoming webhook of Slack, Mattermost or whatever takes the same body.',
  with: {
    type: 'object',
    properties: {
      url: { type: 'string', minLength: 1, holds: 'target', description: 'The incoming webhook; naming it here allows its host for this channel. Redirects are not followed' },
      channel: { type: 'string', minLength: 1, description: 'Another channel than the one of the webhook, where the receiver allows it' },
      username: { type: 'string', minLength: 1, description: 'Another name than the one of the webhook, where the receiver allows it' },
    },
    required: ['url'],
  },
  async send(message, options, context) {
    const channel = textOption(options, 'channel');
    const username = textOption(options, 'username');
    const body = { ...(channel === undefined ? {} : { channel }), ...(username === undefined ? {} : { username }), ...slackBody(message) };
    await postJson({ url: requiredText(options, 'url'), body: JSON.stringify(body), headers: {} }, context);
  },
});

/** The largest text that receivers show whole. */
const LONGEST_TEXT = 3_500;
/** Slack advises at most this many fields. */
const MOST_FIELDS = 10;

const COLOURS = { critical: '#c4314b', major: '#d9730d', minor: '#b8860b' } as const;

/** The body for an incoming webhook: a line of text for notifications, and one attachment with colour, text and fields. */
export function slackBody({ title, text, severity, state, suite, runId, fields }: NotifyMessage): { readonly text: string; readonly attachments: readonly object[] } {
  const headline = `${state === 'cleared' ? '' : `[${severity}] `}${title}`;
  const shown = [['suite', suite], ['run', runId], ...Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const)] as const;
  const long = text.length > LONGEST_TEXT ? `${[...text.slice(0, LONGEST_TEXT)].slice(0, -1).join('')}…` : text;
  return {
    text: slackText(plainLine(headline)),
    attachments: [
      {
        fallback: slackText(plainLine(headline)),
        color: state === 'cleared' ? '#2e7d32' : state === 'info' ? '#808080' : COLOURS[severity],
        text: slackText(plainText(long)),
        mrkdwn_in: [],
        fields: shown.slice(0, MOST_FIELDS).map(([name, value]) => ({ title: slackText(plainLine(name)), value: slackText(plainLine(value)), short: value.length <= 40 })),
      },
    ],
  };
}

/**
 * Text that shows as written: `&`, `<` and `>` are escaped as Slack asks, so that no link or mention can come of what a system under test said, and the
 * words that wake a whole channel of Mattermost are parted by a sign without width.
 */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(/@(?=all\b|channel\b|here\b|everyone\b)/gi, '@\u2060');
}
