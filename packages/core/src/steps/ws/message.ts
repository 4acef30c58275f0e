import { RealopsError, type Json } from '../../plugin.js';
import { beginning } from '../http/parse.js';
import type { Received } from './inbox.js';

/** How messages are read. */
export type MessageMode = 'auto' | 'json' | 'text';

/**
 * A message as a value: JSON where it can be (`auto`) or must be (`json`), or the text. A binary message is `{ binary, bytes, base64 }` with its first KiB under `auto`.
 * @throws RealopsError REALOPS_PROTOCOL for a binary message where text is wanted, and for text that is not JSON under `json`
 */
export function parseMessage({ data, binary }: Received, mode: MessageMode): Json {
  if (binary) {
    if (mode === 'auto') return { binary: true, bytes: data.length, base64: data.subarray(0, 1_024).toString('base64') };
    throw new RealopsError('REALOPS_PROTOCOL', `a binary message of ${data.length} bytes came where ${mode === 'json' ? 'JSON text' : 'text'} was expected`, { hint: 'use parse: auto to take it' });
  }
  const content = data.toString('utf8');
  if (mode === 'text') return content;
  try {
    // JSON.parse gives JSON and nothing else.
    return JSON.parse(content) as Json;
  } catch (error) {
    if (mode === 'auto') return content;
    throw new RealopsError('REALOPS_PROTOCOL', `a message is not JSON: ${beginning(content)}`, { cause: error, hint: 'use parse: text to take it as it is' });
  }
}
