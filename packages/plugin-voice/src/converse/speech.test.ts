import { describe, expect, it } from 'vitest';
import { chunk, conversation } from '../fixtures/timeline.js';
import { speechOf } from './speech.js';

describe('speechOf', () => {
  it('tells when the first sound of a run came, and when the speech in it', () => {
    // 400 ms of silence, then speech, all of it at once; later the next answer.
    const chunks = [chunk(1_000, 400, -90), chunk(1_000, 600, -20, { playsMs: 1_400 }), chunk(5_000, 300)];
    expect(speechOf(conversation([], [], { chunks }))).toMatchObject([
      { startMs: 1_400, endMs: 2_000, runArrivedMs: 1_000, runPlaysMs: 1_000, startArrivedMs: 1_000, endArrivedMs: 1_000, isOpen: false },
      { startMs: 5_000, endMs: 5_300, runArrivedMs: 5_000, runPlaysMs: 5_000 },
    ]);
  });

  it('begins a run no earlier than the end of the speech before, where sound comes all the time', () => {
    const chunks = [chunk(0, 1_000), chunk(1_000, 1_000, -90), chunk(2_000, 1_000)];
    expect(speechOf(conversation([], [], { chunks }))).toMatchObject([{ runArrivedMs: 0 }, { startMs: 2_000, runArrivedMs: 1_000, startArrivedMs: 2_000 }]);
  });

  it('takes a gap of a jittery sender for none, and a longer one for a new run', () => {
    const [first, second] = [[chunk(0, 400, -90), chunk(450, 300)], [chunk(0, 400, -90), chunk(470, 300)]].map((chunks) => speechOf(conversation([], [], { chunks }))[0]);
    expect([first?.runArrivedMs, second?.runArrivedMs]).toEqual([0, 470]);
  });

  it.each([
    ['speech that was dropped', -20, 1_400, true],
    ['trailing silence that was dropped', -90, 1_400, false],
    ['a clear long after it', -20, 1_900, false],
  ])('%s', (_, db, atMs, isCleared) => {
    const chunks = [chunk(1_000, 400), chunk(1_000, 600, db, { playsMs: 1_400, playedMs: Math.max(0, Math.min(600, atMs - 1_400)) })];
    const played = db === -20 && atMs > 1_500 ? [chunk(1_000, 400), chunk(1_500, 600, -20, { playsMs: 1_900, playedMs: 0 })] : chunks;
    expect(speechOf(conversation([], [], { chunks: played, events: [{ atMs, type: 'clear', droppedMs: 600 }] }))).toMatchObject([{ endMs: 1_400, isCleared }]);
  });

  it('takes the last moments of a frame that a paced sender had dropped for no proof', () => {
    const chunks = [chunk(1_000, 400), chunk(1_400, 20, -20, { playedMs: 8 })];
    expect(speechOf(conversation([], [], { chunks, events: [{ atMs: 1_408, type: 'clear', droppedMs: 12 }] }))).toMatchObject([{ endMs: 1_408, isCleared: false }]);
  });

  it('does not begin with what was never played', () => {
    const chunks = [chunk(0, 300), chunk(0, 600, -20, { playsMs: 300, playedMs: 0 }), chunk(700, 300)];
    expect(speechOf(conversation([], [], { chunks, events: [{ atMs: 300, type: 'clear', droppedMs: 600 }] }))).toMatchObject([{ startMs: 0, endMs: 300, isCleared: true }, { startMs: 700, runArrivedMs: 700 }]);
  });

  it('is open where the conversation ended in it', () => {
    expect(speechOf(conversation([], [[1_000, 3_000]], { endMs: 2_000 }))).toMatchObject([{ startMs: 1_000, endMs: 2_000, isOpen: true }]);
  });
});
