import { readFile } from 'node:fs/promises';
import { RealopsError, type StepContext } from '../../plugin.js';

const file = { type: 'string', holds: 'file' } as const;

/** The `tls` parameter of steps that may speak TLS. */
export const tlsSchema = {
  type: 'object',
  description: 'For https and wss',
  properties: {
    rejectUnauthorized: { type: 'boolean', description: 'false accepts any certificate; for sandboxes' },
    servername: { type: 'string', description: 'The name in the certificate, when it is not that of the URL' },
    ca: { ...file, description: 'The authority to trust, PEM' },
    cert: { ...file, description: 'The client certificate, PEM' },
    key: { ...file, description: 'The key of the client certificate, PEM' },
  },
} as const;

/** TLS settings with the files they name read. */
export interface TlsOptions {
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * The TLS settings of a step with their files read and understood.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND for a file that cannot be read, REALOPS_INPUT_INVALID for one that is not PEM or does not belong to the others
 */
export async function readTls(given: TlsOptions | undefined, context: Pick<StepContext, 'file'>): Promise<TlsOptions | undefined> {
  if (given === undefined) return undefined;
  const files: { ca?: string; cert?: string; key?: string } = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = given[name];
    if (path !== undefined) files[name] = (await readInput(context.file(path))).toString('utf8');
  }
  if (Object.keys(files).length > 0) {
    const { createSecureContext } = await import('node:tls');
    try {
      createSecureContext(files);
    } catch (error) {
      throw new RealopsError('REALOPS_INPUT_INVALID', `tls: ${Object.keys(files).join(', ')} cannot be used: ${error instanceof Error ? error.message : String(error)}`, { cause: error, hint: 'the files must be PEM, and the key must belong to the certificate' });
    }
  }
  return { ...given, ...files };
}

/**
 * The content of a file that a step names.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND
 */
export async function readInput(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
