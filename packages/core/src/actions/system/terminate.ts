import { messageOf } from '../../errors/index.js';
import { RealopsError, type Clock, type Millis } from '../../plugin.js';
import { isRunning, ownGroupOf, refuseOwn, type ProcessIdentity } from './identity.js';
import { killGroup, sendSignal, type Signal } from './processes.js';

const LOOK_EVERY_MS = 20;
/** How long the kernel may take to end a process that was killed. */
const KILL_MS = 5_000;

/**
 * Ends a process: TERM, and when it is still there after `termMs`, KILL to it and to what else is in a group that it leads. Resolves when it is gone.
 * The number is looked at anew before each signal, so that a later process never gets one.
 * @throws RealopsError REALOPS_PROCESS_REFUSED when it may not be touched or does not go; the reason of the signal
 */
export async function terminate(target: ProcessIdentity, termMs: Millis, { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }): Promise<void> {
  await refuseOwn(target.pid);
  const group = await ownGroupOf(target);
  await send(target, 'SIGTERM');
  if (await isGone(target, termMs, clock, signal)) return;
  await send(target, 'SIGKILL');
  killGroup(group);
  if (!(await isGone(target, KILL_MS, clock, signal))) throw new RealopsError('REALOPS_PROCESS_REFUSED', `process ${target.pid} did not end within ${KILL_MS} ms of KILL`, { hint: 'it hangs in the kernel, perhaps on a disk or a device' });
}

async function send(target: ProcessIdentity, signal: Signal): Promise<void> {
  if (!(await isRunning(target))) return;
  try {
    sendSignal(target.pid, signal);
  } catch (error) {
    throw new RealopsError('REALOPS_PROCESS_REFUSED', `process ${target.pid} could not be sent ${signal}: ${messageOf(error)}`, { cause: error });
  }
}

async function isGone(target: ProcessIdentity, ms: Millis, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const started = clock.now();
  while (await isRunning(target)) {
    if (clock.now() - started >= ms) return false;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return true;
}
