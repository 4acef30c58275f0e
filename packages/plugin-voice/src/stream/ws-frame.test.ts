import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { received } from '../fixtures/received.js';
import { frameMessage, payloadStart } from './ws-frame.js';

it('frames messages of all lengths as any server reads them', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(0, 1, 125, 126, 127, 640, 65_535, 65_536, 70_000), fc.boolean(), fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }), async (length, isBinary, key) => {
    const text = Array.from({ length }, (_, index) => String.fromCharCode(32 + (index % 90))).join('');
    const frame = frameMessage(isBinary ? Buffer.from(text) : text, key);
    expect(payloadStart(frame)).toBe(frame.length - length);
    for (const message of await received(frame, frame)) expect([message.data.toString(), message.isBinary]).toEqual([text, isBinary]);
  }), { numRuns: 40 });
});

it('masks the bytes of text, not its characters', async () => {
  const [message] = await received(frameMessage('möte', 0x01020304));
  expect(message?.data.toString()).toBe('möte');
});
