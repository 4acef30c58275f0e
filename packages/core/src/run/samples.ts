import { readSystem, type SystemSample } from '../incident/system.js';
import type { Clock, Millis } from '../time/index.js';

/** States of the machine and of this process over a run, for diagnostics. */
export interface Samples extends Disposable {
  /** Oldest first, with one of this moment at the end. */
  list(): Promise<readonly SystemSample[]>;
}

const EVERY_MS: Millis = 10_000;
/** Ten minutes, as the events of a bundle. */
const MOST = 60;

/** Takes a sample now and every ten seconds until it is disposed; keeps the newest. */
export function startSamples(clock: Clock): Samples {
  const kept: SystemSample[] = [];
  let callOff: () => void = () => undefined;
  let over = false;
  const take = async (): Promise<void> => {
    kept.push(await readSystem(clock.wall()));
    if (kept.length > MOST) kept.shift();
  };
  const next = (): void => {
    callOff = clock.after(EVERY_MS, () => void take().finally(() => (over ? undefined : next())));
  };
  void take();
  next();
  return {
    async list() {
      await take();
      return [...kept].sort((a, b) => (a.at < b.at ? -1 : 1));
    },
    [Symbol.dispose]() {
      over = true;
      callOff();
    },
  };
}
