import { beforeAll, describe, expect, it } from 'vitest';
import { startTestAssistant } from '../testing.js';
import { openLine, readTestSpeech, type TestLine, type TestSpeech } from './testing.js';

let speech: TestSpeech;
beforeAll(async () => {
  speech = await readTestSpeech();
});

const events = (line: TestLine, event: string) => line.said.filter((message) => message.event === event);
const intents = (line: TestLine): string[] => events(line, 'reply').map(({ intent }) => intent);
const has = (line: TestLine, event: string): boolean => events(line, event).length > 0;

/** Holds a conversation with these settings, and ends it. */
async function on<T>(config: object, hold: (line: TestLine) => Promise<T>): Promise<T> {
  const line = await openLine(config);
  try {
    return await hold(line);
  } finally {
    await line.close();
  }
}

/** A question, and when it was answered: relative to its end, and with how much silence. */
const asks = async (line: TestLine, samples = speech.sentence('hur blir vädret idag')) => {
  const { toMs } = await line.say(samples);
  const fromMs = await line.voice(0);
  return { latencyMs: fromMs - toMs, toMs };
};

/** Has mails read out; 1.5 s into them `samples` are heard. Gives how long the voice went on after that. */
async function whileItSpeaks(line: TestLine, samples: Float32Array): Promise<{ readonly fromMs: number; readonly heardAfter: (fromMs: number, toMs: number) => number }> {
  const { toMs } = await line.say(speech.sentence('hej alice läs upp mejlen'));
  await line.voice(toMs);
  await line.wait(1500);
  const { fromMs } = await line.say(samples);
  await line.wait(fromMs + 3200 - line.now());
  return { fromMs, heardAfter: (from, to) => line.heardMs(fromMs + from, fromMs + to) };
}

describe('a conversation', () => {
  it('opens with a greeting, which can be switched off', async () => {
    await on({ greeting: true }, async (line) => {
      expect(await line.voice(0)).toBeLessThan(2000);
      expect(intents(line)).toEqual(['greeting']);
    });
    await on({}, async (line) => {
      await line.wait(1000);
      expect([has(line, 'audio'), has(line, 'reply')]).toEqual([false, false]);
    });
  });

  it('answers a question when the user has ended, and says what it understood', async () => {
    await on({}, async (line) => {
      const { latencyMs } = await asks(line);
      expect(latencyMs).toBeGreaterThan(300);
      expect(events(line, 'final')).toMatchObject([{ text: 'hur blir vädret idag' }]);
      expect(events(line, 'reply')).toMatchObject([{ text: 'Idag blir det mulet med tolv grader.', intent: 'weather.today' }]);
      expect(events(line, 'speaking')[0]).toEqual({ event: 'speaking', value: true });
      await line.wait(3500);
      expect(events(line, 'speaking').at(-1)).toEqual({ event: 'speaking', value: false });
    });
  });

  it('falls silent for somebody who cuts in, and answers that', async () => {
    await on({}, async (line) => {
      const { heardAfter } = await whileItSpeaks(line, speech.sentence('stoppa musiken i köket'));
      expect(heardAfter(-500, 0)).toBeGreaterThan(200);
      expect(heardAfter(1300, 1900)).toBe(0);
      expect(events(line, 'clear')).toHaveLength(1);
      expect(intents(line)).toEqual(['email.read', 'media.stop']);
    });
  });

  it('stops later when the knob says so', async () => {
    await on({ stop_ms: 1200 }, async (line) => {
      const { heardAfter } = await whileItSpeaks(line, speech.sentence('boka möte med alice idag klockan två'));
      expect(heardAfter(700, 1300)).toBeGreaterThan(200);
      expect(heardAfter(2300, 2800)).toBe(0);
    });
  });

  it.each(['mm', 'ja', 'precis', 'cough'])('goes on speaking through "%s", and does not answer it', async (sound) => {
    await on({}, async (line) => {
      const { heardAfter } = await whileItSpeaks(line, sound === 'cough' ? speech.cough : speech.aside(sound));
      expect(heardAfter(0, 3000)).toBeGreaterThan(1800);
      expect(has(line, 'clear')).toBe(false);
      expect(intents(line)).toEqual(['email.read']);
    });
  });

  it('does not answer what is said to somebody else', async () => {
    await on({}, async (line) => {
      await line.say(speech.aside('vi får köpa bröd på hemvägen också'));
      await line.wait(2000);
      expect([has(line, 'final'), has(line, 'reply')]).toEqual([true, false]);
    });
  });

  it('waits for the end of speech as long as the knob says', async () => {
    const finals = (vad_eos_timeout_ms: number): Promise<number> =>
      on({ vad_eos_timeout_ms }, async (line) => {
        await line.say(speech.paused('hej alice tänd lampan i hallen', 860, 550));
        await line.wait(1500);
        return events(line, 'final').length;
      });
    expect(await Promise.all([finals(300), finals(900)])).toEqual([2, 1]);
  });

  it('puts together a request whose speaker goes on while the answer is still being thought about', async () => {
    await on({ vad_eos_timeout_ms: 500 }, async (line) => {
      await line.say(speech.paused('boka möte med anna klockan tre', 1410, 750));
      await line.voice(0);
      expect(events(line, 'final').map(({ text }) => text)).toEqual(['boka möte med anna', 'klockan tre']);
      expect(events(line, 'reply')).toMatchObject([{ text: 'Bokar möte med anna klockan 15:00.', intent: 'calendar.create' }]);
    });
  });

  it('asks for a moment when an answer takes long', async () => {
    await on({ route: 'deep', hold_after_ms: 400 }, async (line) => {
      await asks(line, speech.sentence('hej alice hur blir vädret imorgon'));
      expect(events(line, 'reply')).toMatchObject([{ text: 'Ett ögonblick.', intent: 'hold' }]);
      await line.wait(3000);
      expect(events(line, 'reply')[1]?.text).toMatch(/^Det här säger anteckningarna\./);
    });
  });

  it('sends its voice at once where the client plays it, and has the rest dropped', async () => {
    await on({ playback: 'burst' }, async (line) => {
      const { fromMs, heardAfter } = await whileItSpeaks(line, speech.sentence('stoppa musiken i köket'));
      expect(line.arrivedMs(0, fromMs)).toBeGreaterThan(8000);
      expect(heardAfter(1300, 1900)).toBe(0);
    });
  });
});

describe('the settings of a conversation', () => {
  it('can be read and changed for the lines that are opened from then on', async () => {
    const other = await startTestAssistant({ misbehave: ['never-answers'] });
    expect((await other.call('GET', '/api/talk/config')).body).toMatchObject({ greeting: true, playback: 'realtime', barge_in_ms: 400, misbehave: ['never-answers'] });
    expect((await other.call('POST', '/api/talk/config', { misbehave: ['leading-silence', 'leading-silence'], stop_ms: 10 })).body).toMatchObject({ stop_ms: 10, misbehave: ['leading-silence'] });
    await other.close();
  });

  it.each([{ misbehave: ['sulks'] }, { misbehave: 'never-answers' }, { stop_ms: -1 }, { playback: 'loud' }, { volume: 3 }])('%j is refused', async (body) => {
    const assistant = await startTestAssistant();
    expect((await assistant.call('POST', '/api/talk/config', body)).status).toBe(422);
    await assistant.close();
    await on(body, async (line) => {
      expect(await line.closed).toBe(1003);
      expect(line.said.at(-1)?.error).toMatch(Object.keys(body)[0] ?? '');
    });
  });
});

describe('misbehaving', () => {
  it('answers-early: before the user has ended', async () => {
    await on({ misbehave: ['answers-early'] }, async (line) => {
      const { latencyMs } = await asks(line, speech.sentence('hej alice hur blir vädret imorgon'));
      expect(latencyMs).toBeLessThan(0);
      await line.wait(2000);
      expect(events(line, 'reply')).toHaveLength(1);
    });
  });

  it('never-answers: hears, and says nothing', async () => {
    await on({ misbehave: ['never-answers'] }, async (line) => {
      await line.say(speech.sentence('hur blir vädret idag'));
      await line.wait(2500);
      expect([has(line, 'final'), has(line, 'reply'), has(line, 'audio')]).toEqual([true, false, false]);
    });
  });

  it('ignores-barge-in: speaks on', async () => {
    await on({ misbehave: ['ignores-barge-in'] }, async (line) => {
      const { heardAfter } = await whileItSpeaks(line, speech.sentence('stoppa musiken i köket'));
      expect(heardAfter(0, 3000)).toBeGreaterThan(1800);
      expect([has(line, 'clear'), intents(line)]).toEqual([false, ['email.read']]);
    });
  });

  it('stops-on-cough: but not on "mm"', async () => {
    const after = (sound: Float32Array): Promise<number> => on({ misbehave: ['stops-on-cough'] }, async (line) => (await whileItSpeaks(line, sound)).heardAfter(800, 3000));
    const [cough, mm] = await Promise.all([after(speech.cough), after(speech.aside('mm'))]);
    expect(cough).toBe(0);
    expect(mm).toBeGreaterThan(1200);
  });

  it('stops-on-backchannel: never to go on, but not on a cough', async () => {
    const after = (sound: Float32Array): Promise<number> => on({ misbehave: ['stops-on-backchannel'] }, async (line) => (await whileItSpeaks(line, sound)).heardAfter(800, 3000));
    const [cough, mm] = await Promise.all([after(speech.cough), after(speech.aside('mm'))]);
    expect(mm).toBe(0);
    expect(cough).toBeGreaterThan(1200);
  });

  it('stops-and-resumes: falls silent for a while', async () => {
    await on({ misbehave: ['stops-and-resumes'] }, async (line) => {
      const { heardAfter } = await whileItSpeaks(line, speech.aside('mm'));
      expect(heardAfter(700, 1100)).toBe(0);
      expect(heardAfter(2000, 3200)).toBeGreaterThan(600);
    });
  });

  it('answers-side-talk', async () => {
    await on({ misbehave: ['answers-side-talk'] }, async (line) => {
      await line.say(speech.aside('vi får köpa bröd på hemvägen också'));
      await line.voice(0);
      expect(events(line, 'reply')).toHaveLength(1);
    });
  });

  it('cuts-pauses: takes the turn in a pause of 700 ms', async () => {
    const heardInPause = (misbehave: string[]): Promise<boolean> =>
      on({ misbehave, vad_eos_timeout_ms: 900 }, async (line) => {
        const { fromMs } = await line.say(speech.paused('hej alice tänd lampan i hallen', 860, 700));
        await line.wait(1500);
        return events(line, 'reply').length > 0 && (await line.voice(0)) < fromMs + 860 + 700;
      });
    expect(await Promise.all([heardInPause([]), heardInPause(['cuts-pauses'])])).toEqual([false, true]);
  });

  it('burst-without-clear: what was sent is heard to its end', async () => {
    await on({ misbehave: ['burst-without-clear'] }, async (line) => {
      const { fromMs, heardAfter } = await whileItSpeaks(line, speech.sentence('stoppa musiken i köket'));
      expect(has(line, 'clear')).toBe(false);
      expect(line.arrivedMs(fromMs, fromMs + 1000)).toBe(0);
      expect(heardAfter(0, 3000)).toBeGreaterThan(1800);
      expect(intents(line)).toEqual(['email.read', 'media.stop']);
    });
  });

  it('leading-silence: 400 ms of it before every answer', async () => {
    const lead = (misbehave: string[]): Promise<number> =>
      on({ misbehave }, async (line) => {
        await asks(line);
        return line.leadMs();
      });
    const [proper, silent] = await Promise.all([lead([]), lead(['leading-silence'])]);
    expect(silent - proper).toBeCloseTo(400, -2);
  });

  it('claims-stopped: says so while it is still to be heard', async () => {
    const heardAfterClaim = (misbehave: string[]): Promise<number> =>
      on({ misbehave }, async (line) => {
        await asks(line);
        while (!events(line, 'speaking').some(({ value }) => value === false)) await line.wait(20);
        const atMs = line.now();
        await line.wait(1200);
        return line.heardMs(atMs, atMs + 1200);
      });
    const [proper, claiming] = await Promise.all([heardAfterClaim([]), heardAfterClaim(['claims-stopped'])]);
    expect(proper).toBeLessThan(400);
    expect(claiming).toBeGreaterThan(500);
  });

  it('dies-after-two: the line stays open, and nothing is heard any more', async () => {
    await on({ misbehave: ['dies-after-two'] }, async (line) => {
      for (const sentence of ['tänd lampan i köket', 'ring anna']) {
        const { toMs } = await line.say(speech.sentence(sentence));
        await line.voice(toMs);
        await line.wait(2800);
      }
      const { toMs } = await line.say(speech.sentence('hur blir vädret idag'));
      await line.wait(2500);
      expect(line.heardMs(toMs, line.now())).toBe(0);
      expect(intents(line)).toEqual(['system.lights', 'call.person']);
    });
  });
});
