import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { RealopsError } from '../../plugin.js';
import { textsOf } from './address.js';
import { readInput } from './tls.js';

/** A part of a multipart body: a value, or a file. */
export interface Part {
  readonly name: string;
  readonly value?: string | number | boolean;
  readonly file?: string;
  readonly filename?: string;
  readonly contentType?: string;
}

/** The bodies a step can give, of which it gives one or none. */
export interface GivenBody {
  readonly json?: unknown;
  readonly text?: string;
  readonly form?: { readonly [name: string]: unknown };
  readonly multipart?: readonly Part[];
}

/** A body and the content type it has unless the step says otherwise. */
export interface Body {
  readonly contentType: string | undefined;
  readonly bytes: string | Uint8Array | undefined;
}

const KINDS = ['json', 'text', 'form', 'multipart'] as const;

/**
 * The bytes of the one body that a step gives. `file` finds the absolute path of a file.
 * @throws RealopsError REALOPS_WITH_INVALID for two bodies or a part that is value and file at once, REALOPS_FILE_NOT_FOUND
 */
export async function makeBody(given: GivenBody, file: (path: string) => string): Promise<Body> {
  const kinds = KINDS.filter((kind) => given[kind] !== undefined);
  if (kinds.length > 1) throw new RealopsError('REALOPS_WITH_INVALID', `a request has one body, got ${kinds.join(' and ')}`, { hint: 'keep one of them' });
  if (given.json !== undefined) return { contentType: 'application/json', bytes: JSON.stringify(given.json) };
  if (given.text !== undefined) return { contentType: 'text/plain; charset=utf-8', bytes: given.text };
  if (given.form !== undefined) return { contentType: 'application/x-www-form-urlencoded', bytes: encodeForm(given.form) };
  return given.multipart === undefined ? NONE : makeMultipart(given.multipart, file);
}

const NONE: Body = { contentType: undefined, bytes: undefined };

function encodeForm(form: { readonly [name: string]: unknown }): string {
  return new URLSearchParams(Object.entries(form).flatMap(([name, value]) => textsOf(value).map((text): [string, string] => [name, text]))).toString();
}

async function makeMultipart(parts: readonly Part[], file: (path: string) => string): Promise<Body> {
  const contents: Buffer[] = [];
  const hash = createHash('sha256');
  for (const [index, part] of parts.entries()) {
    if (part.value !== undefined && part.file !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `multipart[${index}] has both value and file`, { hint: 'keep one of them' });
    const content = part.file === undefined ? Buffer.from(String(part.value ?? '')) : await readInput(file(part.file));
    hash.update(content);
    contents.push(content);
  }
  // The boundary follows from the content, so that the same step always sends the same bytes.
  const boundary = `realops-${hash.digest('hex').slice(0, 32)}`;
  const chunks = parts.flatMap((part, index) => [Buffer.from(`--${boundary}\r\n${partHead(part)}\r\n`), contents[index] ?? Buffer.alloc(0), Buffer.from('\r\n')]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]) };
}

function partHead(part: Part): string {
  const filename = part.filename ?? (part.file === undefined ? undefined : basename(part.file));
  const type = part.contentType ?? (filename === undefined ? undefined : typeOf(filename));
  const disposition = `Content-Disposition: form-data; name="${quote(part.name)}"${filename === undefined ? '' : `; filename="${quote(filename)}"`}\r\n`;
  return type === undefined ? disposition : `${disposition}Content-Type: ${type.replaceAll(/[\r\n]/g, ' ')}\r\n`;
}

/** A name in a part's header, escaped as browsers do (HTML standard, multipart/form-data encoding). */
function quote(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

const TYPES: { readonly [ending: string]: string } = {
  wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg', flac: 'audio/flac', json: 'application/json', csv: 'text/csv', txt: 'text/plain', pdf: 'application/pdf',
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp',
};

function typeOf(filename: string): string {
  return TYPES[filename.slice(filename.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
