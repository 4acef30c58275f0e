import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Json, JsonObject, KnobBounds, KnobUse, KnobWrite } from '../plugin.js';

/** How a configuration server treats a change. */
export type Mood = 'well' | 'ignores' | 'refuses' | 'hangs' | 'late' | 'breaks';

/** A server with settings that are read by GET and merged by POST. */
export interface ConfigServer {
  readonly url: string;
  settings: { [name: string]: Json };
  mood: Mood;
  /** How many changes it was sent. */
  changes: number;
  /** Headers of the last request. */
  headers: IncomingMessage['headers'];
  close(): void;
}

/** Starts one on 127.0.0.1. `/never` is never answered. */
export async function startConfigServer(settings: JsonObject): Promise<ConfigServer> {
  const sockets = new Set<Socket>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    config.headers = request.headers;
    if (request.url === '/never') return;
    if (request.method === 'GET') return void response.setHeader('content-type', 'application/json').end(JSON.stringify(config.settings));
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      config.changes += 1;
      const apply = (): void => void (config.settings = { ...config.settings, ...(JSON.parse(body) as JsonObject) });
      if (config.mood === 'hangs') return;
      if (config.mood === 'refuses') return void response.writeHead(500).end('password=hunter2 is wrong');
      if (config.mood === 'late') setTimeout(apply, 150);
      else if (config.mood !== 'ignores') apply();
      if (config.mood === 'breaks') return void request.socket.resetAndDestroy();
      response.setHeader('content-type', 'application/json').end('{"ok":true}');
    });
  };
  const server: Server = createServer(answer);
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const config: ConfigServer = {
    url: `http://127.0.0.1:${port}`, settings: { ...settings }, mood: 'well', changes: 0, headers: {},
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return config;
}

/** A knob as the engine hands it to an action. */
export function knob(name: string, bounds: KnobBounds, read: KnobUse['read'], write: (value: Json) => KnobWrite, directory = '.'): KnobUse {
  return { name, bounds, directory, settleMs: 1_000, read, writeOf: async (value) => write(value) };
}

/** A knob with a range that an HTTP server holds under its name. */
export function httpKnob(server: ConfigServer, name: string, bounds: KnobBounds): KnobUse {
  return knob(name, bounds, { url: server.url, at: `/${name}` }, (value) => ({ url: server.url, json: { [name]: value } }));
}

/** The bounds of a number. */
export function range(low: number, high: number, maxStep: number, extra: { readonly whole?: boolean; readonly unit?: string } = {}): KnobBounds {
  return { kind: 'number', low, high, maxStep, whole: extra.whole ?? false, unit: extra.unit };
}
