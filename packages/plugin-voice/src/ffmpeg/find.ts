import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RealopsError, type CheckContext } from '@alice/realops/plugin';
import { runProcess } from './process.js';

/** An ffmpeg that works. */
export interface Ffmpeg {
  readonly path: string;
  /** Who named it: a variable, the package ffmpeg-static, or PATH. */
  readonly from: string;
  /** As it says it itself: `5.1.9-0+deb12u1`. */
  readonly version: string;
  /** The major version of its libavformat, by which its options differ. */
  readonly libavformat: number;
}

/** Variables that name an ffmpeg, the first one that is set. */
const VARIABLES = ['FFMPEG_PATH', 'FFMPEG_BIN'] as const;
const VERSION_MS = 2_000;
const VERSION_BYTES = 65_536;

/** The ways to an ffmpeg, as a hint. */
export const GET_FFMPEG = 'install it (apt-get install ffmpeg, brew install ffmpeg), add the package ffmpeg-static, or name one with FFMPEG_PATH; WAV needs none';

/** By environment, which a suite has one of: what worked once is not asked again. */
const found = new WeakMap<CheckContext['env'], Ffmpeg>();

/**
 * The ffmpeg of this environment: the one that FFMPEG_PATH or FFMPEG_BIN names, that of the package ffmpeg-static when it is installed and its program really there, the first one in
 * PATH. It is asked for its version. Undefined when there is none; `base` is where the package is looked for from.
 * @throws RealopsError REALOPS_COMMAND_FAILED for one that does not work; one that a variable names is never replaced by another
 */
export async function findFfmpeg(context: CheckContext, base: string = import.meta.url): Promise<Ffmpeg | undefined> {
  const { env } = context;
  const known = found.get(env);
  if (known !== undefined) return known;
  const candidate = named(env) ?? (await packaged(base)) ?? inPath(env);
  if (candidate === undefined) return undefined;
  const ffmpeg = { ...candidate, ...(await versionOf(candidate, context)) };
  found.set(env, ffmpeg);
  return ffmpeg;
}

type Candidate = Pick<Ffmpeg, 'path' | 'from'>;

function named(env: CheckContext['env']): Candidate | undefined {
  const name = VARIABLES.find((each) => (env[each] ?? '') !== '');
  if (name === undefined) return undefined;
  const given = env[name] ?? '';
  // A word is looked up as a shell would.
  const path = given.includes('/') || isAbsolute(given) ? given : inPath(env, given)?.path;
  if (path !== undefined && isProgram(path)) return { path, from: name };
  throw new RealopsError('REALOPS_COMMAND_FAILED', `${name} names ${given}, ${path === undefined ? 'which is not in PATH' : 'which is no program that can be run'}`, { hint: `correct it, or unset it to use another ffmpeg` });
}

/** Installed without its scripts the package gives the path of a program that it never fetched, and none at all on machines that it does not know. */
async function packaged(base: string): Promise<Candidate | undefined> {
  try {
    const module: unknown = await import(pathToFileURL(createRequire(base).resolve('ffmpeg-static')).href);
    const path: unknown = Reflect.get(Object(module), 'default');
    return typeof path === 'string' && isProgram(path) ? { path, from: 'ffmpeg-static' } : undefined;
  } catch {
    return undefined;
  }
}

function inPath({ PATH = '' }: CheckContext['env'], name = 'ffmpeg'): Candidate | undefined {
  const path = PATH.split(delimiter).filter((folder) => folder !== '').flatMap((folder) => [join(folder, name), join(folder, `${name}.exe`)]).find(isProgram);
  return path === undefined ? undefined : { path, from: 'PATH' };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function versionOf({ path, from }: Candidate, { env, clock, signal }: CheckContext): Promise<Pick<Ffmpeg, 'version' | 'libavformat'>> {
  const refuse = (how: string, cause?: unknown): never => {
    throw new RealopsError('REALOPS_COMMAND_FAILED', `${path} (${from}) ${how}`, { hint: GET_FFMPEG, cause });
  };
  const { code, output, errors } = await runProcess(path, ['-hide_banner', '-version'], { env, clock, signal, atMostMs: VERSION_MS, mostBytes: VERSION_BYTES }).catch((error: unknown) => {
    if (signal.aborted || !(error instanceof RealopsError)) throw error;
    return refuse(error.code === 'REALOPS_TIMEOUT' ? `did not say its version within ${VERSION_MS / 1_000} s` : `does not work: ${error.message}`, error);
  });
  const text = Buffer.from(output).toString('utf8');
  const version = /^ffmpeg version (\S+)/u.exec(text)?.[1];
  const libavformat = /^libavformat\s+(\d+)\./mu.exec(text)?.[1];
  if (version === undefined || libavformat === undefined) return refuse(`is no ffmpeg: asked for its version it ended with ${code} and said ${JSON.stringify((text || errors).trim().slice(0, 80))}`);
  return { version, libavformat: Number(libavformat) };
}
