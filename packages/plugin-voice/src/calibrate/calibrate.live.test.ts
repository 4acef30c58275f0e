import { checkStepType, runStep } from '@alice/realops/testing';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { realClock } from '../fixtures/tools.js';
import { calibrate, FIGURES, type Calibration, type CalibrateOptions } from './calibrate.js';
import { loopbackPeer } from './peer.js';
import { calibration } from './step.js';

const clock = realClock();
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const options = (more: Partial<CalibrateOptions> = {}): CalibrateOptions => ({ samples: 8, concurrency: 2, clock, log, signal: new AbortController().signal, random: () => 0.5, progress: () => undefined, ...more });

describe('a calibration', () => {
  it('finds that what is measured is what the peer did', { timeout: 120_000 }, async () => {
    let done: Calibration | undefined;
    // A machine whose own frames were late says so, and is asked again.
    for (let attempt = 0; attempt < 3 && (done === undefined || (done.senderLateness.mostMs ?? 0) > 20 || done.lost > 0); attempt += 1) done = await calibrate(options());
    expect([done?.statistics.partial.n, done?.statistics.final.n, done?.statistics.turn.n, done?.statistics.stop.n, done?.senderLateness.n, done?.lost]).toEqual([8, 8, 16, 8, 10, 0]);
    for (const figure of FIGURES) {
      const { p50Ms, leastMs } = done?.statistics[figure] ?? { p50Ms: null, leastMs: null };
      expect(Math.abs(p50Ms ?? Infinity), figure).toBeLessThanOrEqual(5);
      // What comes over a wire comes after it was sent: nothing is measured shorter than it was, but for the hundredths to which timelines are kept.
      expect(leastMs ?? -Infinity, figure).toBeGreaterThan(-0.05);
    }
  });

  it('sees a harness that is held up', { timeout: 120_000 }, async () => {
    // Three quarters of the time nothing else can be done here; the peer is not held up.
    const stall = setInterval(() => {
      const until = performance.now() + 45;
      while (performance.now() < until);
    }, 60);
    const done = await calibrate(options({ samples: 4 })).finally(() => clearInterval(stall));
    expect(done.fit).toBe(false);
    expect(done.reasons.join('; ')).toMatch(/ms late at the 99th percentile|the 99th percentile of all errors/u);
  });

  it('ends when told to, and takes its peer along', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 400);
    const started = performance.now();
    await expect(calibrate(options({ samples: 100, signal: stop.signal }))).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe('the loopback peer', () => {
  it('tells how long it really waited, and null for what it was never asked', async () => {
    const signal = new AbortController().signal;
    const resource = loopbackPeer(clock);
    const peer = await resource.open(signal);
    const socket = new WebSocket(`${peer.url}/asr?id=a&delays=30,0&last=5`);
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => {
      heard.push(String(data));
      socket.close();
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send('{"type":"config"}');
    socket.send('{"type":"audio","pcm_base64":"","timestamp":1}');
    const [first, second] = await peer.waited('a', signal);
    expect([heard, second]).toEqual([['{"event":"partial","text":"ett","confidence":null}'], null]);
    expect(first).toBeGreaterThanOrEqual(29);
    await resource.close(peer);
    await expect(peer.waited('b', signal)).rejects.toThrow('the loopback peer did not tell what it did: it ended with code');
    await expect(loopbackPeer(clock).open(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});

describe('voice.calibrate', () => {
  it('puts its figures on the record of the run', { timeout: 160_000 }, async () => {
    const once = (): ReturnType<typeof runStep> => runStep(calibration, { samples: 4 }, { timeoutMs: 50_000 });
    let result = await once();
    for (let attempt = 1; attempt < 3 && Reflect.get(Object(result.output), 'lost') !== 0; attempt += 1) result = await once();
    const { outcome, output, measurements } = result;
    expect(outcome).toBe('passed');
    expect(output).toMatchObject({ fit: expect.any(Boolean), reasons: expect.any(Array), partialMs: expect.any(Number), finalMs: expect.any(Number), turnMs: expect.any(Number), stopMs: expect.any(Number), lost: 0 });
    const count = (metric: string): number => measurements.filter((each) => each.metric === metric).length;
    expect(['voice.biasPartial', 'voice.biasFinal', 'voice.biasTurn', 'voice.biasStop'].map(count)).toEqual([4, 4, 8, 4]);
  });

  it('keeps the contract', { timeout: 120_000 }, async () => {
    expect(await checkStepType(calibration, { valid: { samples: 4 }, stuck: { parameters: { samples: 400, concurrency: 1 } }, openHandles: () => process.getActiveResourcesInfo() })).toEqual([]);
  });
});
