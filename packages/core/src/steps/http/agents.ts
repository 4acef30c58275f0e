import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Agent, buildConnector } from 'undici';

/** TLS settings of a request, with files read. */
export interface TlsOptions {
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A pool of kept-alive connections. Idle sockets do not hold the process; `connecting` are those that are not open yet. */
export interface HttpAgent {
  readonly agent: Agent;
  /** How long each open socket took to connect, until a request has claimed it. */
  readonly connectMs: WeakMap<object, number>;
  readonly connecting: ReadonlySet<Socket>;
  /** Requests under way. */
  active: number;
}

const agents = new Map<string, Promise<HttpAgent>>();

/** The agent for TLS settings: one per process and setting, since connections outlive steps. */
export function agentFor(tls: TlsOptions): Promise<HttpAgent> {
  const key = JSON.stringify(tls);
  const known = agents.get(key);
  if (known !== undefined) return known;
  const made = makeAgent(tls);
  agents.set(key, made);
  return made;
}

async function makeAgent(tls: TlsOptions): Promise<HttpAgent> {
  const [{ default: UndiciAgent }, { default: build }] = await Promise.all([import('undici/lib/dispatcher/agent.js'), import('undici/lib/core/connect.js')]);
  const connectMs = new WeakMap<object, number>();
  const connecting = new Set<Socket>();
  // Every request has a deadline of its own, so the timeouts of the library are off.
  const open = build({ timeout: 0, ...tls });
  const connect = (options: buildConnector.Options, done: buildConnector.Callback): void => {
    const started = performance.now();
    let opening: Socket | undefined;
    const finished: buildConnector.Callback = (...result) => {
      if (opening !== undefined) connecting.delete(opening);
      if (result[1] !== null) connectMs.set(result[1], performance.now() - started);
      done(...result);
    };
    const socket: unknown = Reflect.apply(open, undefined, [options, finished]);
    if (isSocket(socket)) {
      opening = socket;
      connecting.add(socket);
    }
  };
  return { agent: new UndiciAgent({ connect, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4_000, pipelining: 1, maxHeaderSize: 64 * 1024 }), connectMs, connecting, active: 0 };
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'destroy' in value;
}

/** The TLS settings of a step with the files they name read. */
export async function readTls(tls: { readonly rejectUnauthorized?: boolean; readonly servername?: string; readonly ca?: string; readonly cert?: string; readonly key?: string }, file: (path: string) => string): Promise<TlsOptions> {
  const text = async (path: string | undefined): Promise<string | undefined> => (path === undefined ? undefined : readFile(file(path), 'utf8'));
  const [ca, cert, key] = await Promise.all([text(tls.ca), text(tls.cert), text(tls.key)]);
  return {
    ...(tls.rejectUnauthorized === undefined ? {} : { rejectUnauthorized: tls.rejectUnauthorized }),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
    ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }),
  };
}
