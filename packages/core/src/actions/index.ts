import type { ActionType } from '../plugin.js';
import { circuitOpen } from './circuit-open.js';
import { httpCall } from './http-call.js';
import { knobChange } from './knob-change.js';
import { knobSet } from './knob-set.js';
import { processRestart } from './process-restart.js';
import { serviceRestart } from './service-restart.js';
import { toggleSet } from './toggle-set.js';
import { waitRecovery } from './wait-recovery.js';

/** The actions that every suite has. */
export const builtInActions: readonly ActionType[] = [knobChange, knobSet, toggleSet, httpCall, circuitOpen, processRestart, serviceRestart, waitRecovery];
