import { describe, expect, it } from 'vitest';
import { createObserver } from './observe.js';

const heard = (text: string, at: number): { text: string; confidence: null; at: number } => ({ text, confidence: null, at });

describe('createObserver', () => {
  it('keeps the first text after the onset, and the first that is right as far as it goes', () => {
    const observer = createObserver(['hallå Alice', 'Hej Alice, möte klockan tio'], 'sv');
    observer.heard(heard('åh', 3), NaN, false);
    observer.heard(heard(' ', 11), 10, false);
    observer.heard(heard('hej malin', 12), 10, false);
    observer.heard(heard('hej alice möte', 15), 10, false);
    observer.heard(heard('hej alice möte kl. 10', 18), 10, true);
    expect(observer.observations()).toMatchObject({ text: 12, correct: 15, endpoint: 18 });
  });

  it('takes a text that is longer than the reference for wrong', () => {
    const observer = createObserver(['hej'], 'sv');
    observer.heard(heard('hej alice', 1), 0, true);
    expect(observer.observations().correct).toBeNaN();
  });

  it('takes an end of speech for the end of the turn unless speech begins again', () => {
    const observer = createObserver([], 'sv');
    observer.sign('speechStart', 1);
    observer.sign('speechStop', 2);
    expect(observer.observations().endpoint).toBe(2);
    observer.sign('speechStart', 3);
    expect(observer.observations().endpoint).toBeNaN();
    observer.sign('speechStop', 4);
    observer.sign('turnEnd', 5);
    observer.heard(heard('hej', 6), 0, true);
    expect(observer.observations()).toMatchObject({ speechStart: 1, speechStop: 4, endpoint: 4, text: 6 });
  });
});
