import type { NotifierType } from '../plugin.js';
import { email } from './email.js';
import { file } from './file.js';
import { slack } from './slack.js';
import { webhook } from './webhook.js';

/** The ways to reach people that are built in. */
export const builtInNotifiers: readonly NotifierType[] = [webhook, slack, file, email];
