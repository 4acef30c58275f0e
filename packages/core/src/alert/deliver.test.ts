import { describe, expect, it } from 'vitest';
import { RealopsError } from '../errors/index.js';
import { builtInNotifiers } from '../notifiers/index.js';
import { systemClock } from '../time/index.js';
import { deliver, type Delivery } from './deliver.js';
import { channelTargets } from './reach.js';

const named = (name: string) => builtInNotifiers.find((each) => each.name === name) ?? builtInNotifiers[0];

describe('a channel reaches', () => {
  const targets = { api: 'http://127.0.0.1:8000', alertsink: 'https://sink.example:8443/in' };
  const reach = (name: string, options: { readonly [name: string]: string }) => {
    const type = named(name);
    return type === undefined ? undefined : channelTargets(type, options, targets);
  };

  it('the hosts that its options name, and no target besides', () => {
    expect(reach('webhook', { url: 'https://hooks.example/T1/secret', headers: 'https://elsewhere.example' })).toEqual({ 'channel 1': 'https://hooks.example/T1/secret' });
    expect(reach('webhook', { url: 'alertsink' })).toEqual({ alertsink: 'https://sink.example:8443/in' });
    expect(reach('email', { url: 'smtp://user:pw@mail.example:587', from: 'a@b.example', to: 'c@d.example' })).toEqual({ 'channel 1': 'smtp://user:pw@mail.example:587' });
    expect(reach('file', { path: 'alerts.jsonl' })).toEqual({});
    expect(reach('webhook', { url: 'no address' })).toEqual({});
  });
});

describe('a delivery', () => {
  const quick = (extra: Partial<Delivery> = {}): Delivery => ({ clock: systemClock, signal: new AbortController().signal, about: 'the channel "team"', pausesMs: [1, 1, 1], ...extra });
  const failing = (times: number, error: Error) => {
    let calls = 0;
    return async () => {
      calls += 1;
      if (calls <= times) throw error;
    };
  };

  it('is repeated until it works, or the tries are used up', async () => {
    expect(await deliver(failing(2, new RealopsError('REALOPS_NOTIFY_FAILED', 'status 503')), quick())).toEqual({ delivered: true, tries: 3 });
    expect(await deliver(failing(9, new Error('boom')), quick())).toMatchObject({ delivered: false, tries: 4, error: { code: 'REALOPS_NOTIFY_FAILED', message: 'boom' } });
  });

  it('is not repeated when that would not help', async () => {
    expect(await deliver(failing(1, new RealopsError('REALOPS_NOTIFY_REFUSED', 'status 404')), quick())).toMatchObject({ delivered: false, tries: 1 });
  });

  it('ends at its deadline, also when the notifier does not', async () => {
    expect(await deliver(() => new Promise(() => undefined), quick({ timeoutMs: 20, pausesMs: [1] }))).toMatchObject({ delivered: false, tries: 2, error: { code: 'REALOPS_TIMEOUT' } });
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    expect(await deliver(() => new Promise(() => undefined), quick({ signal: controller.signal }))).toMatchObject({ delivered: false, tries: 1, error: { code: 'REALOPS_CANCELLED' } });
    expect(await deliver(failing(9, new Error('boom')), quick({ pausesMs: [60_000], signal: AbortSignal.timeout(30) }))).toMatchObject({ delivered: false, tries: 1 });
  });
});
