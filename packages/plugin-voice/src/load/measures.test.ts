import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { received } from '../fixtures/received.js';
import { alice } from '../protocols/alice.js';
import { PCM_16_KHZ, type AsrProtocol } from '../protocols/protocol.js';
import { vosk } from '../protocols/vosk.js';
import { wyoming } from '../protocols/wyoming.js';
import { countTimes, emptyHistogram, mergeHistograms, percentileOf, totalOf } from './histogram.js';
import { startsOf } from './ramp.js';
import { createSpread } from './spread.js';
import { createStamp, framesOf, makeWire } from './wire.js';

const SEED = 0.3;
const times = fc.array(fc.double({ min: 0, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 300 });
const histogramOf = (list: readonly number[]) => countTimes(emptyHistogram(), Float64Array.from(list), list.length);
const exact = (list: readonly number[], share: number): number => list.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(share * list.length)) - 1] ?? 0;

describe('a histogram', () => {
  it('gives percentiles that are never too small, and too large by one per cent or a hundredth of a millisecond', () => {
    fc.assert(fc.property(times, fc.constantFrom(0.5, 0.9, 0.99, 1), (list, share) => {
      const [given, wanted] = [percentileOf(histogramOf(list), share), exact(list, share)];
      expect(given).toBeGreaterThanOrEqual(wanted);
      expect(given).toBeLessThanOrEqual(Math.max(wanted * 1.01, wanted + 0.0101));
    }));
  });

  it('of several threads is that of all their times', () => {
    fc.assert(fc.property(fc.array(times, { minLength: 1, maxLength: 4 }), (lists) => {
      const [merged, whole] = [mergeHistograms(lists.map(histogramOf)), histogramOf(lists.flat())];
      expect(merged).toEqual(whole);
      expect(totalOf(merged)).toBe(lists.flat().length);
    }));
  });

  it('is not fooled by a thread with few streams: a mean of percentiles would be', () => {
    const [many, few] = [histogramOf(Array.from({ length: 990 }, () => 1)), histogramOf(Array.from({ length: 10 }, () => 500))];
    expect(percentileOf(mergeHistograms([many, few]), 0.99)).toBeLessThan(1.02);
    expect((percentileOf(many, 0.99) + percentileOf(few, 0.99)) / 2).toBeGreaterThan(200);
  });

  it('without times gives 0', () => {
    expect(percentileOf(emptyHistogram(), 0.99)).toBe(0);
  });
});

describe('a spread', () => {
  it('ranks what never came above all others', () => {
    const spread = createSpread();
    for (const ms of [300, 100, 200.123, null]) spread.add(ms);
    expect(spread.summary()).toEqual({ count: 4, p50: 200.12, p95: null, p99: null, max: null });
    expect(createSpread().summary()).toEqual({ count: 0, p50: null, p95: null, p99: null, max: null });
  });
});

describe('the starts of streams', () => {
  it('are in order, one in each part of the ramp', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 10_000 }), (streams, rampMs) => {
      const part = Math.max(rampMs, 20) / streams;
      startsOf(streams, rampMs, 20, Math.random).forEach((ms, index) => expect(Math.floor(ms / part + 1e-9)).toBe(index));
    }));
  });
});

describe('frames made beforehand', () => {
  const pcm = Uint8Array.from({ length: 640 * 3 }, (_, index) => (index * 7) & 0xff);
  const wireOf = (protocol: AsrProtocol) => makeWire(protocol, protocol.start({ language: 'sv', config: undefined, audio: PCM_16_KHZ, traceId: '0'.repeat(32) }), { bytes: pcm, frameBytes: 640 }, () => SEED);

  it('are those that the protocol would have sent, with the time of now', async () => {
    const wire = wireOf(alice);
    if (wire === undefined) throw new Error('alike');
    const wall = { at: Date.UTC(2026, 10, 27, 4, 30, 0, 7), now: 0 };
    const stamp = createStamp({ wall: () => new Date(wall.at) });
    const framed = framesOf(wire, stamp);
    const texts: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      for (const { data } of await received(framed(index, wall.now, false))) texts.push(data.toString());
      wall.at += 20;
      wall.now += 20;
    }
    const session = alice.start({ language: 'sv', config: undefined, audio: PCM_16_KHZ, traceId: '0'.repeat(32) });
    const asSent = texts.map((text) => JSON.parse(text));
    expect(asSent).toEqual([0, 1, 2].map((index) => JSON.parse(String(session.encodeAudio(pcm.subarray(index * 640, (index + 1) * 640), 1_795_753_800.007 + index * 0.02)))).map((frame) => ({ ...frame, timestamp: expect.closeTo(frame.timestamp, 4) })));
    expect(texts[0]).toContain(`"timestamp":${Date.UTC(2026, 10, 27, 4, 30, 0) / 1_000}.007}`);
  });

  it('do not change while the connection still holds them', () => {
    const wire = wireOf(alice);
    if (wire === undefined) throw new Error('alike');
    const framed = framesOf(wire, createStamp({ wall: () => new Date(0) }));
    const first = framed(0, 0, false);
    const copy = Buffer.from(first);
    expect(framed(1, 0, true)).not.toBe(first);
    expect(copy.equals(first)).toBe(true);
  });

  it('are the shared bytes themselves where no time stands in them', () => {
    const [binary, tcp] = [wireOf(vosk), wireOf(wyoming)];
    if (binary === undefined || tcp === undefined) throw new Error('alike');
    expect(binary.bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
    const frame = framesOf(binary, () => new Uint8Array())(1, 0, false);
    expect(frame.buffer).toBe(binary.bytes.buffer);
    expect(frame).toHaveLength(648);
    const session = wyoming.start({ language: 'sv', config: undefined, audio: PCM_16_KHZ, traceId: '0'.repeat(32) });
    expect(Buffer.from(framesOf(tcp, () => new Uint8Array())(2, 0, false)).equals(Buffer.from(Object(session.encodeAudio(pcm.subarray(1_280), 0))))).toBe(true);
  });
});
