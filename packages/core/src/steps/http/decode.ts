import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { RealopsError } from '../../plugin.js';
import type { Headers } from './headers.js';

/**
 * A body without its content encodings (gzip, deflate, br; also several). Large ones are decoded off the main thread, so that audio being paced meanwhile stays on time.
 * @throws RealopsError REALOPS_PROTOCOL for an encoding that is unknown or broken, or for more than `maxBytes` decoded
 */
export async function decodeContent(body: Buffer, headers: Headers, maxBytes: number): Promise<Buffer> {
  const named = headers['content-encoding'];
  if (named === undefined || body.length === 0) return body;
  const encodings = named.toLowerCase().split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  let decoded = body;
  for (const encoding of encodings.reverse()) decoded = await decodeOne(decoded, encoding, maxBytes);
  return decoded;
}

async function decodeOne(body: Buffer, encoding: string, maxOutputLength: number): Promise<Buffer> {
  const { brotliDecompress, gunzip, inflate, inflateRaw } = await import('node:zlib');
  // What calls itself deflate is zlib by the standard and a bare stream from some servers; only zlib begins with method 8.
  const bare = ((body[0] ?? 0) & 0x0f) !== 8;
  const decoder = { gzip: gunzip, 'x-gzip': gunzip, br: brotliDecompress, deflate: bare ? inflateRaw : inflate }[encoding];
  if (decoder === undefined) throw new RealopsError('REALOPS_PROTOCOL', `the answer has the content-encoding ${encoding}, which cannot be decoded`, { hint: 'ask for another with headers: { accept-encoding: gzip }, or use parse: none' });
  try {
    return await promisify<Buffer, { maxOutputLength: number }, Buffer>(decoder)(body, { maxOutputLength });
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw new RealopsError('REALOPS_PROTOCOL', large ? `the answer is larger than ${maxOutputLength} bytes once decoded` : `the answer says content-encoding ${encoding} but is not: ${error instanceof Error ? error.message : String(error)}`, { cause: error, ...(large ? { hint: 'raise maxBytes if that is expected' } : {}) });
  }
}

/** Bytes as text by the charset of their content type, UTF-8 by default and without a byte order mark; undefined when they are no text. */
export function decodeText(body: Buffer, contentType: string): string | undefined {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    try {
      return new TextDecoder(charset).decode(body);
    } catch {
      // A charset that does not exist says nothing; look at the bytes.
    }
  }
  if (!isUtf8(body)) return undefined;
  const text = body.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
