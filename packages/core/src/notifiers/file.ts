import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from '../errors/index.js';
import { defineNotifier, RealopsError } from '../plugin.js';
import { requiredText } from './options.js';
import { webhookBody } from './webhook.js';

/** Appends a message as one line of JSON: the body of `webhook` with `sent` before it. Always works, also without a network. */
export const file = defineNotifier({
  name: 'file',
  description: 'Appends the message as one line of JSON to a file.',
  with: {
    type: 'object',
    properties: { path: { type: 'string', minLength: 1, description: 'The file, from the folder of the suite file; made when it is missing' } },
    required: ['path'],
  },
  async send(message, options, context) {
    const path = context.file(requiredText(options, 'path'));
    try {
      await mkdir(dirname(path), { recursive: true });
      await appendLine(path, `{"sent":${JSON.stringify(context.clock.wall().toISOString())},${webhookBody(message).slice(1)}`);
    } catch (error) {
      throw new RealopsError('REALOPS_NOTIFY_FAILED', `the message could not be written: ${messageOf(error)}`, { cause: error, hint: 'the path of the channel must be a file, in a folder that can be written to' });
    }
  },
});

/** Appends a whole line in one write and syncs it. A last line that broke off is ended first, so that it spoils no other. */
async function appendLine(path: string, line: string): Promise<void> {
  const handle = await open(path, 'a+');
  try {
    const { size } = await handle.stat();
    const last = size === 0 ? '\n' : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString();
    await handle.appendFile(`${last === '\n' ? '' : '\n'}${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
