import { messageOf } from '../../errors/index.js';
import { RealopsError } from '../../plugin.js';
import { processOfPidFile } from './identity.js';
import { sendSignal, type Signal } from './processes.js';

/**
 * Sends a signal to the process whose number stands in a file.
 * @throws RealopsError REALOPS_PROCESS_REFUSED when it is not running or may not be touched
 */
export async function signalPidFile(file: string, signal: Signal): Promise<void> {
  const found = await processOfPidFile(file);
  if (found === undefined) throw new RealopsError('REALOPS_PROCESS_REFUSED', `the process in ${file} is not running, so it cannot be sent ${signal}`, { hint: 'a file may be left over from before the last start' });
  try {
    if (!sendSignal(found.pid, signal)) throw new Error('it has just ended');
  } catch (error) {
    throw new RealopsError('REALOPS_PROCESS_REFUSED', `process ${found.pid} of ${file} could not be sent ${signal}: ${messageOf(error)}`, { cause: error });
  }
}
