import { pid } from 'node:process';

/** The number of this process, which a lease is bound to. */
export const OWN_PID: number = pid;
