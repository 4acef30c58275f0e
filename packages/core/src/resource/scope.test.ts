import { describe, expect, it } from 'vitest';
import { createScope } from './index.js';

const signal = new AbortController().signal;

function recorder() {
  const events: string[] = [];
  const resource = (name: string, fail?: 'open' | 'close') => ({
    name,
    open: async () => {
      if (fail === 'open') throw new Error(`${name} does not open`);
      events.push(`open ${name}`);
      return name;
    },
    close: () => {
      events.push(`close ${name}`);
      if (fail === 'close') throw new Error(`${name} does not close`);
    },
  });
  return { events, resource };
}

describe('createScope', () => {
  it('closes in reverse order, once', async () => {
    const { events, resource } = recorder();
    const scope = createScope(() => undefined);
    expect(scope.empty).toBe(true);
    expect(await scope.use(resource('a'), signal)).toBe('a');
    scope.defer('b', () => void events.push('close b'));
    expect(scope.empty).toBe(false);
    await scope[Symbol.asyncDispose]();
    await scope[Symbol.asyncDispose]();
    expect(events).toEqual(['open a', 'close b', 'close a']);
  });

  it('closes everything, also after one that throws, and tells which', async () => {
    const { events, resource } = recorder();
    const errors: string[] = [];
    const scope = createScope((name, error) => void errors.push(`${name}: ${error instanceof Error ? error.message : ''}`));
    await scope.use(resource('a'), signal);
    await scope.use(resource('b', 'close'), signal);
    await scope[Symbol.asyncDispose]();
    expect(events).toEqual(['open a', 'open b', 'close b', 'close a']);
    expect(errors).toEqual(['b: b does not close']);
  });

  it('owns nothing that did not open', async () => {
    const { resource } = recorder();
    const scope = createScope(() => undefined);
    await expect(scope.use(resource('a', 'open'), signal)).rejects.toThrow('a does not open');
    expect(scope.empty).toBe(true);
  });

  it('opens nothing once the signal has aborted', async () => {
    const { events, resource } = recorder();
    const scope = createScope(() => undefined);
    await expect(scope.use(resource('a'), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(events).toEqual([]);
  });

  it('closes at once what finishes opening after the scope has ended', async () => {
    const { events, resource } = recorder();
    const scope = createScope(() => undefined);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const late = resource('late');
    const opening = scope.use({ ...late, open: () => gate.then(late.open) }, signal);
    await scope[Symbol.asyncDispose]();
    release();
    await expect(opening).rejects.toThrow('late was opened after its scope had ended');
    expect(events).toEqual(['open late', 'close late']);
  });
});
