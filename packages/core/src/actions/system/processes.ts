import process from 'node:process';

/** The seam to the process table: the one place of the actions that signals processes or looks at our own. */

/** Signals that actions send. */
export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2';

/** Sends a signal to a process. Gives whether there was one to take it; a process of another user is there. */
export function sendSignal(pid: number, signal: Signal | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    if (signal === 0) return true;
    throw error;
  }
}

/** Ends a process group that was started for a command, if it is still there. */
export function killGroup(leader: number | undefined): void {
  if (leader === undefined || leader <= 1) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Our own process and the one that started it. */
export function ownIds(): readonly number[] {
  return [process.pid, process.ppid];
}

/** The environment that a process has when nothing else is known. */
export function inheritedEnvironment(): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
