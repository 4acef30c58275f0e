import type { Socket } from 'node:net';
import type { Agent, buildConnector } from 'undici';
import type { Millis } from '../../plugin.js';
import type { TlsOptions } from './tls.js';

/** The connection that a request had to open, if it had to. */
export interface Opening {
  /** The socket while it is being opened. */
  socket: Socket | undefined;
  /** How long opening it took; undefined while it is being opened, and for a request on a connection that was kept alive. */
  tookMs: Millis | undefined;
  now(): Millis;
}

/** A pool of connections that are kept alive between steps. An idle one does not hold the process and is closed after 4 s. */
export interface HttpAgent {
  readonly agent: Agent;
  /** The request that is being handed over; a connection opened meanwhile is its own, since no two requests wait for the same one. */
  dispatching: Opening | undefined;
}

const agents = new Map<string, Promise<HttpAgent>>();

/** The agent for TLS settings: one per process and setting, since connections outlive steps. */
export function agentFor(tls: TlsOptions | undefined): Promise<HttpAgent> {
  const key = tls === undefined ? '' : JSON.stringify(tls);
  const known = agents.get(key);
  if (known !== undefined) return known;
  const made = makeAgent(tls ?? {});
  agents.set(key, made);
  return made;
}

async function makeAgent(tls: TlsOptions): Promise<HttpAgent> {
  const [{ default: UndiciAgent }, { default: build }] = await Promise.all([import('undici/lib/dispatcher/agent.js'), import('undici/lib/core/connect.js')]);
  // Every request has a deadline of its own, so the timeouts of the library are off.
  const open = build({ timeout: 0, ...tls });
  const connect = (options: buildConnector.Options, done: buildConnector.Callback): void => {
    const opening = pool.dispatching;
    const started = opening?.now() ?? 0;
    const finished: buildConnector.Callback = (...result) => {
      if (opening !== undefined) {
        opening.socket = undefined;
        if (result[0] === null) opening.tookMs = opening.now() - started;
      }
      done(...result);
    };
    // The library declares no result, but gives the socket.
    const socket: unknown = Reflect.apply(open, undefined, [options, finished]);
    if (opening !== undefined && isSocket(socket)) opening.socket = socket;
  };
  const pool: HttpAgent = {
    agent: new UndiciAgent({ connect, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 4_000, keepAliveMaxTimeout: 4_000, pipelining: 1, maxHeaderSize: 64 * 1024 }),
    dispatching: undefined,
  };
  return pool;
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'destroy' in value;
}
