import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RealopsError } from '../../plugin.js';

/** A part of a multipart body: a value, or a file. */
export interface Part {
  readonly name: string;
  readonly value?: string;
  readonly file?: string;
  readonly filename?: string;
  readonly contentType?: string;
}

/** A body and the content type it has unless the step says otherwise. */
export interface Body {
  readonly contentType: string | undefined;
  readonly bytes: string | Uint8Array | undefined;
}

/** The bytes of the one body that a step gives. */
export async function makeBody(
  given: { readonly json?: unknown; readonly text?: string; readonly form?: { readonly [name: string]: unknown }; readonly multipart?: readonly Part[] },
  file: (path: string) => string,
): Promise<Body> {
  const kinds = (['json', 'text', 'form', 'multipart'] as const).filter((kind) => given[kind] !== undefined);
  if (kinds.length > 1) throw new RealopsError('REALOPS_WITH_INVALID', `a request has one body, got ${kinds.join(' and ')}`, { hint: 'keep one of them' });
  if (given.json !== undefined) return { contentType: 'application/json', bytes: JSON.stringify(given.json) };
  if (given.text !== undefined) return { contentType: 'text/plain; charset=utf-8', bytes: given.text };
  if (given.form !== undefined) return { contentType: 'application/x-www-form-urlencoded', bytes: new URLSearchParams(Object.entries(given.form).map(([name, value]): [string, string] => [name, String(value)])).toString() };
  return given.multipart === undefined ? { contentType: undefined, bytes: undefined } : makeMultipart(given.multipart, file);
}

async function makeMultipart(parts: readonly Part[], file: (path: string) => string): Promise<Body> {
  const bodies = await Promise.all(parts.map(async (part) => (part.file === undefined ? Buffer.from(part.value ?? '') : readFile(file(part.file)))));
  // The boundary follows from the content, so that the same step always sends the same bytes.
  const boundary = `realops-${createHash('sha256').update(Buffer.concat(bodies)).digest('hex').slice(0, 24)}`;
  const quote = (text: string): string => text.replaceAll('"', '%22').replaceAll(/[\r\n]/g, ' ');
  const chunks = parts.flatMap((part, index) => {
    const filename = part.filename ?? (part.file === undefined ? undefined : basename(part.file));
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(part.name)}"${filename === undefined ? '' : `; filename="${quote(filename)}"`}\r\n`;
    const type = part.contentType ?? (filename === undefined ? undefined : typeOf(filename));
    return [Buffer.from(`${head}${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n`), bodies[index] ?? Buffer.alloc(0), Buffer.from('\r\n')];
  });
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]) };
}

function typeOf(filename: string): string {
  const ending = filename.slice(filename.lastIndexOf('.') + 1).toLowerCase();
  return { wav: 'audio/wav', mp3: 'audio/mpeg', json: 'application/json', txt: 'text/plain', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', pdf: 'application/pdf' }[ending] ?? 'application/octet-stream';
}
