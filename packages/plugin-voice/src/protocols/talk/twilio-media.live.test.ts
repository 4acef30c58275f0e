import { runStep } from '@alice/realops/testing';
import { describe, expect, it } from 'vitest';
import { converse } from '../../converse/converse.js';
import { turnsIn } from '../../fixtures/agent/hold.js';
import { startTalkPeer, type Act } from '../../fixtures/peers/talk/index.js';

/** What came to the server, in short: `media` counted, all else by its event and what is in it. */
async function held(acts: readonly Act[], turns: readonly object[]): Promise<{ readonly received: readonly string[]; readonly turns: ReturnType<typeof turnsIn> }> {
  await using peer = await startTalkPeer('twilio-media', acts);
  const result = await runStep(converse, { target: 'talk', protocol: 'twilio-media', turns, hangUpMs: 500 } as never, { targets: { talk: peer.url }, timeoutMs: 15_000 });
  expect(result.error).toBeUndefined();
  await peer.quiet();
  expect(peer.violations).toEqual([]);
  const events = peer.received.map((text) => JSON.parse(text) as { readonly event: string; readonly dtmf?: { readonly digit: string }; readonly mark?: { readonly name: string } });
  return { received: events.map(({ event, dtmf, mark }) => [event, dtmf?.digit, mark?.name].filter((each) => each !== undefined).join(' ')), turns: turnsIn(result) };
}
const mediaBefore = (received: readonly string[], what: string): number => received.slice(0, received.indexOf(what)).filter((each) => each === 'media').length;

describe('keys, marks and the end', () => {
  it('sends each key, gives a mark back when what is before it was played, and stops last', async () => {
    const { received, turns } = await held([{ at: 1_000, act: 'reply', ms: 900 }], [{ say: { digits: '12#' }, start: { delayMs: 300 } }]);
    expect(received.slice(0, 3)).toEqual(['connected', 'start', 'media']);
    expect(received.filter((each) => each.startsWith('dtmf'))).toEqual(['dtmf 1', 'dtmf 2', 'dtmf #']);
    expect(received.at(-1)).toBe('stop');
    // 900 ms are 45 frames; the reply came with the 50th.
    expect(mediaBefore(received, 'mark reply 1')).toBeGreaterThanOrEqual(50 + 44);
    expect(mediaBefore(received, 'mark reply 1')).toBeLessThanOrEqual(50 + 50);
    expect(turns).toMatchObject([{ verdict: 'pass' }]);
    // The keys are pressed with the frame at 300 ms, and answered when the server has heard 1,000.
    expect(Math.abs(Number(turns[0]?.['latencyMs']) - 680)).toBeLessThan(60);
  });

  it('gives all marks back at once when what is before them is cleared away', async () => {
    const acts: readonly Act[] = [{ at: 800, act: 'reply', ms: 5_000 }, { at: 820, act: 'reply', ms: 3_000 }, { at: 2_000, act: 'clear' }];
    const { received } = await held(acts, [{ say: { digits: '0' }, start: { delayMs: 200 } }]);
    expect(received.filter((each) => each.startsWith('mark'))).toEqual(['mark reply 1', 'mark reply 2']);
    expect(mediaBefore(received, 'mark reply 1')).toBeGreaterThanOrEqual(100);
    expect(mediaBefore(received, 'mark reply 2')).toBeLessThanOrEqual(104);
  });
});
