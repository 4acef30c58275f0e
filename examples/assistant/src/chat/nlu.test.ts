import { describe, expect, it } from 'vitest';
import { understand } from './nlu.js';
import { retrieve } from './retrieval.js';

describe('understand', () => {
  it.each([
    ['god morgon', 'greeting.hello', 'micro'],
    ['hej alice vad är klockan nu', 'smalltalk.time', 'micro'],
    ['kommer det regna i helgen', 'weather.today', 'micro'],
    ['kan du släcka i sovrummet', 'system.lights', 'micro'],
    ['spela lite musik', 'media.play', 'micro'],
    ['stoppa musiken nu', 'media.stop', 'micro'],
    ['höj volymen lite', 'volume.set', 'micro'],
    ['hej alice ring anders', 'call.person', 'micro'],
    ['boka in ett möte med erik på torsdag', 'calendar.create', 'planner'],
    ['läs upp mina nya mejl', 'email.read', 'planner'],
    ['skicka ett mejl till anders', 'email.send', 'planner'],
    ['kan du sammanfatta projektet', 'info.query', 'deep'],
    ['kvantfysik', 'none', 'micro'],
    ['', 'none', 'micro'],
  ])('%j is %s', (text, intent, routeHint) => {
    const understood = understand(text);
    expect(understood).toMatchObject({ intent, routeHint });
    expect(understood.confidence).toBeGreaterThanOrEqual(0);
    expect(understood.confidence).toBeLessThanOrEqual(1);
  });

  it('is surer of what it was taught than of what is only near it', () => {
    expect(understand('tänd lampan').confidence).toBeGreaterThan(understand('kan du släcka i sovrummet').confidence);
  });

  it.each([
    ['boka möte med anna i morgon klockan tio', { person: 'anna', day: 'imorgon', time: '10:00' }],
    ['hej alice ring alice kl 14.30', { person: 'alice', time: '14:30' }],
    ['hej alice tänd lampan i köket', { room: 'köket' }],
    ['möte klockan trettiofem', {}],
    ['möte klockan 31', {}],
  ])('%j holds %j', (text, slots) => {
    expect(understand(text).slots).toEqual(slots);
  });
});

describe('retrieve', () => {
  it('gives as many passages as asked, the fitting ones first', () => {
    const hits = retrieve('när är Erik ledig', 4);
    expect(hits).toHaveLength(4);
    expect(hits[0]?.doc_id).toBe('cal_erik');
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
  });
});
