import { freemem, loadavg, totalmem } from 'node:os';
import type { Routes } from './http.js';

/** The states of the resource guardian. */
export type GuardianState = 'NORMAL' | 'BROWNOUT' | 'EMERGENCY';

/** Watches resources and can be told to degrade; changes take effect at its next tick. */
export interface Guardian {
  readonly state: GuardianState;
  readonly routes: Routes;
  close(): void;
}

/** Milliseconds between two looks at the wanted state. */
const tickMs = 20;

/** A guardian in state NORMAL. It reads real memory and load, but changes state only when told, so that tests decide. */
export function createGuardian(): Guardian {
  const started = performance.now();
  let state: GuardianState = 'NORMAL';
  let wanted: GuardianState = 'NORMAL';
  let reason = '';
  let since = performance.now();
  const timer = setInterval(() => {
    if (wanted === state) return;
    reason = wanted === 'NORMAL' ? 'RECOVER' : wanted === 'BROWNOUT' ? 'SOFT_TRIGGER' : 'HARD_TRIGGER';
    state = wanted;
    since = performance.now();
  }, tickMs);
  timer.unref();
  const health = (): { readonly status: number; readonly body: unknown } => ({
    status: 200,
    body: {
      v: '1', state, brownout_level: state === 'NORMAL' ? 'NONE' : state === 'BROWNOUT' ? 'LIGHT' : 'HEAVY', reason, since_s: round((performance.now() - since) / 1_000),
      ram_pct: round((1 - freemem() / totalmem()) * 100), cpu_pct: round(Math.min(100, (loadavg()[0] ?? 0) * 50)), temp_c: null, battery_pct: null, uptime_s: round((performance.now() - started) / 1_000),
    },
  });
  return {
    get state() {
      return state;
    },
    routes: {
      'GET /health': health,
      'GET /guardian/health': health,
      'POST /api/guard/degrade': ({ body }) => {
        const asked = typeof body === 'object' && body !== null && 'state' in body ? body.state : 'BROWNOUT';
        if (asked !== 'BROWNOUT' && asked !== 'EMERGENCY') return { status: 422, body: { detail: [{ loc: ['body', 'state'], msg: 'must be BROWNOUT or EMERGENCY', type: 'value_error' }] } };
        wanted = asked;
        return { status: 200, body: { ok: true, forced: wanted } };
      },
      'POST /api/guard/recover': () => {
        wanted = 'NORMAL';
        return { status: 200, body: { ok: true, forced: wanted } };
      },
    },
    close: () => clearInterval(timer),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
