import type { StepType } from '../plugin.js';
import { httpRequest } from './http-request.js';
import { waitFor } from './wait-for.js';
import { waitUntil } from './wait-until.js';
import { wsExchange } from './ws-exchange.js';

/** The step types that every suite has. */
export const builtInSteps: readonly StepType[] = [httpRequest, wsExchange, waitUntil, waitFor];
