import { WebSocket } from 'ws';
import { startAssistant, type Assistant, type AssistantOptions } from './index.js';

/** Only for tests: an assistant with ways to talk to it. */
export interface TestAssistant extends Assistant {
  /** Sends JSON (or a raw string) and gives status, headers and parsed body. */
  call(method: string, path: string, body?: unknown, headers?: { readonly [name: string]: string }): Promise<{ status: number; headers: Headers; body: ReturnType<typeof JSON.parse> }>;
  /** The same on the guardian's port. */
  guard(method: string, path: string, body?: unknown): ReturnType<TestAssistant['call']>;
  /** Polls the guardian until its state shows; gives up after two seconds. */
  reaches(state: string): Promise<void>;
}

export async function startTestAssistant(options: AssistantOptions = {}): Promise<TestAssistant> {
  const assistant = await startAssistant(options);
  const ask = async (base: string, method: string, path: string, body?: unknown, headers: { readonly [name: string]: string } = {}) => {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(base + path, { method, headers, ...sent, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const guard: TestAssistant['guard'] = (method, path, body) => ask(assistant.urls.guardian, method, path, body);
  return {
    ...assistant,
    call: (method, path, body, headers) => ask(assistant.urls.api, method, path, body, headers),
    guard,
    async reaches(state) {
      const deadline = performance.now() + 2000;
      while ((await guard('GET', '/guardian/health')).body.state !== state) {
        if (performance.now() > deadline) throw new Error(`the guardian did not reach ${state} within 2 s`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

type Message = ReturnType<typeof JSON.parse>;

/** A listening socket: everything it said so far, and waits with a deadline. */
export interface TestEar {
  readonly socket: WebSocket;
  readonly said: readonly Message[];
  send(message: unknown): void;
  /** Sends samples as 20 ms messages, as fast as they go. */
  speak(samples: Float32Array): void;
  /** The first message from `from` on that fits; rejects after five seconds. */
  hears(fits: (message: Message) => boolean, from?: number): Promise<Message>;
  /** The code the connection was closed with. */
  readonly closed: Promise<number>;
}

export async function openEar(url: string): Promise<TestEar> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const said: Message[] = [];
  let wake = (): void => undefined;
  socket.on('message', (data) => {
    said.push(JSON.parse(String(data)));
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => { resolve(code); wake(); }));
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return {
    socket,
    said,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    speak(samples) {
      for (let at = 0; at < samples.length; at += 320) {
        const pcm = Buffer.alloc(2 * Math.min(320, samples.length - at));
        samples.subarray(at, at + 320).forEach((sample, i) => pcm.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, sample))), 2 * i));
        socket.send(JSON.stringify({ type: 'audio', pcm_base64: pcm.toString('base64'), timestamp: at / 16_000 }));
      }
    },
    async hears(fits, from = 0) {
      const deadline = performance.now() + 5000;
      for (;;) {
        const found = said.slice(from).find(fits);
        if (found !== undefined) return found;
        const left = deadline - performance.now();
        if (left <= 0) throw new Error(`not heard within 5 s; said: ${JSON.stringify(said)}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          wake = () => { clearTimeout(timer); resolve(); };
        });
      }
    },
  };
}
