import { channelTargets } from '../alert/reach.js';
import { RealopsError } from '../errors/index.js';
import type { NotifierType, NotifyMessage } from '../model/action-type.js';
import type { Logger } from '../model/step-type.js';
import { compileSchema } from '../schema/index.js';
import { isJsonObject, type JsonObject } from '../text/index.js';
import { contextOf } from './run-action.js';

/** What a notifier meets in a test. */
export interface SendOptions {
  /** Targets by name that its options may name. */
  readonly targets?: { readonly [name: string]: string };
  /** The folder that relative files start from; the current folder by default. */
  readonly files?: string;
  readonly signal?: AbortSignal;
  readonly log?: Logger;
}

/**
 * Sends one message as the engine does, once: options checked and filled in, and only the hosts within reach that they name. Messages of every kind are `SAMPLE_MESSAGES`.
 * @throws RealopsError REALOPS_WITH_INVALID when the options do not fit its schema, as a load would, and what the notifier throws
 */
export async function sendMessage(type: NotifierType, message: NotifyMessage, options: JsonObject, { targets = {}, ...rest }: SendOptions = {}): Promise<void> {
  const { value, issues } = compileSchema(type.with).check(options);
  if (issues[0] !== undefined || !isJsonObject(value)) throw new RealopsError('REALOPS_WITH_INVALID', `${type.name}: ${issues[0] === undefined ? 'the options are no object' : [...issues[0].path, issues[0].message].join(' ')}`, { hint: issues[0]?.hint });
  await type.send(message, value, contextOf({ ...rest, targets: channelTargets(type, value, targets) }));
}
