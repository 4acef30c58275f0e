import { channelTargets } from '../alert/reach.js';
import type { NotifierType, NotifyMessage } from '../model/action-type.js';
import type { Logger } from '../model/step-type.js';
import type { JsonObject } from '../text/index.js';
import { optionsFor } from './options.js';
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
  const value = optionsFor(type, options);
  await type.send(message, value, contextOf({ ...rest, targets: channelTargets(type, value, targets) }));
}
