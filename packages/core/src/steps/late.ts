import { RealopsError } from '../plugin.js';

/** What ends a step whose signal has aborted: at a deadline its error together with what the step was waiting for, otherwise the reason as it is. */
export function interrupted(signal: AbortSignal, waitingFor: string): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof RealopsError && reason.code === 'REALOPS_TIMEOUT') return new RealopsError(reason.code, `${reason.message}: ${waitingFor}`, { cause: reason, hint: reason.hint });
  return reason instanceof Error ? reason : new RealopsError('REALOPS_CANCELLED', 'cancelled', { cause: reason });
}
