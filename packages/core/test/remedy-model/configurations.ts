import type { Bounds } from './checker.js';
import type { Budget } from './world.js';

const NONE: Budget = { crashes: 0, edits: 0, faults: 0, full: 0, acks: 0, approvals: 0 };

/** The ways in which the protocol is walked through; each goes as deep as it can in a few seconds. */
export const CONFIGURATIONS: readonly { readonly name: string; readonly bounds: Bounds }[] = [
  { name: 'two crashes and a foreign edit in four loops', bounds: { loops: 4, budget: { ...NONE, crashes: 2, edits: 1 } } },
  { name: 'a crash and a failing system in four loops', bounds: { loops: 4, budget: { ...NONE, crashes: 1, faults: 1 } } },
  { name: 'a foreign edit and a failing system in four loops', bounds: { loops: 4, budget: { ...NONE, edits: 1, faults: 1 } } },
  { name: 'a full disk and a crash in four loops', bounds: { loops: 4, budget: { ...NONE, crashes: 1, full: 1 } } },
  { name: 'needs a person, is acknowledged, and goes on', bounds: { loops: 7, budget: { ...NONE, crashes: 1, acks: 1 } } },
  { name: 'approvals', bounds: { loops: 4, needsApproval: true, budget: { ...NONE, crashes: 1, approvals: 2 } } },
  { name: 'changes that end by themselves', bounds: { loops: 4, expires: 1, budget: { ...NONE, crashes: 1, edits: 1 } } },
  { name: 'faults that are active, and issues that are not certain', bounds: { loops: 4, sights: ['green', 'red', 'uncertain', 'fault'], budget: { ...NONE, crashes: 1 } } },
];

/** Smaller ones, the quickest first: enough to tell a weakened protocol from a sound one. */
export const QUICK: readonly { readonly name: string; readonly bounds: Bounds }[] = [
  { name: 'no trouble at all', bounds: { loops: 5, budget: NONE, sights: ['green', 'red', 'uncertain', 'fault'] } },
  { name: 'a crash', bounds: { loops: 3, budget: { ...NONE, crashes: 1 } } },
  { name: 'a failing system', bounds: { loops: 3, budget: { ...NONE, faults: 1 } } },
  { name: 'a foreign edit', bounds: { loops: 2, budget: { ...NONE, edits: 1 } } },
  { name: 'a full disk', bounds: { loops: 2, budget: { ...NONE, full: 1 } } },
  { name: 'approvals', bounds: { loops: 4, needsApproval: true, budget: { ...NONE, approvals: 1 } } },
  { name: 'a crash, a failing system', bounds: { loops: 3, budget: { ...NONE, crashes: 1, faults: 1 } } },
  { name: 'changes that end by themselves', bounds: { loops: 3, expires: 1, budget: { ...NONE, crashes: 1, edits: 1 } } },
];
