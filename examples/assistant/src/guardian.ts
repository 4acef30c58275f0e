import { cpus, freemem, totalmem } from 'node:os';
import type { Clock } from './clock.js';
import { choice, optional } from './http/fields.js';
import type { Routes } from './http/server.js';

export type GuardianState = 'NORMAL' | 'BROWNOUT' | 'EMERGENCY';

const tickMs = 20;
const loadWindowTicks = 25;

/** Protects the assistant from overload: chat asks it for its state. */
export interface Guardian {
  state(): GuardianState;
  readonly routes: Routes;
  stop(): void;
}

/** Share of processor time in use since the last call, 0..100. */
function createLoadMeter(): () => number {
  const read = () => {
    let idle = 0;
    let all = 0;
    for (const { times } of cpus()) {
      idle += times.idle;
      all += times.idle + times.user + times.sys + times.nice + times.irq;
    }
    return { idle, all };
  };
  let before = read();
  return () => {
    const after = read();
    const all = after.all - before.all;
    const share = all > 0 ? 1 - (after.idle - before.idle) / all : 0;
    before = after;
    return Math.round(1000 * share) / 10;
  };
}

/** A state machine that ticks every 20 ms: an order by its API becomes the state at the next tick. */
export function createGuardian(clock: Clock): Guardian {
  let state: GuardianState = 'NORMAL';
  let wanted: GuardianState = 'NORMAL';
  let reason = '';
  const started = clock.now();
  let since = started;
  let ticks = 0;
  const load = createLoadMeter();
  let cpuPct = 0;

  const timer = setInterval(() => {
    if (ticks++ % loadWindowTicks === 0) cpuPct = load();
    if (wanted === state) return;
    reason = wanted === 'NORMAL' ? 'RECOVER' : 'FORCED';
    state = wanted;
    since = clock.now();
  }, tickMs);

  const seconds = (from: number): number => Math.round(clock.now() - from) / 1000;
  const health: Routes[string] = ({ json }) =>
    json(200, {
      v: '1',
      state,
      brownout_level: { NORMAL: 'NONE', BROWNOUT: 'MODERATE', EMERGENCY: 'HEAVY' }[state],
      reason,
      since_s: seconds(since),
      ram_pct: Math.round(1000 * (1 - freemem() / totalmem())) / 10,
      cpu_pct: cpuPct,
      uptime_s: seconds(started),
    });

  return {
    state: () => state,
    stop: () => clearInterval(timer),
    routes: {
      'GET /health': health,
      'GET /guardian/health': health,
      'POST /api/guard/degrade': async ({ body, json }) => {
        const { state: forced } = await body({ state: optional(choice('BROWNOUT', 'EMERGENCY'), 'BROWNOUT') }, { closed: true });
        wanted = forced;
        json(200, { ok: true, forced });
      },
      'POST /api/guard/recover': async ({ body, json }) => {
        await body({}, { closed: true });
        wanted = 'NORMAL';
        json(200, { ok: true, forced: 'NORMAL' });
      },
    },
  };
}
