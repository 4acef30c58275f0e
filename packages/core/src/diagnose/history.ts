import type { Verdict } from '../model/slo.js';

/** What earlier loops left behind, as rules read it at `history`. */
export interface RemedyHistory {
  /** How many loops came before this run. */
  readonly loops: number;
  readonly slos: { readonly [slo: string]: SloHistory };
  readonly remedies: { readonly [remedy: string]: RemedyTries };
}

/** What earlier loops said of one SLO. */
export interface SloHistory {
  /** Newest first, at most 20. */
  readonly verdicts: readonly Verdict[];
  /** How often it failed in a row before this run. */
  readonly failing: number;
}

/** What one remedy did lately. */
export interface RemedyTries {
  /** Changes within the last 24 hours. */
  readonly tries24h: number;
  /** Minutes since its last change; null when there was none. */
  readonly minutesSince: number | null;
  /** What came of its last change; null when there was none. */
  readonly outcome: string | null;
}

/** A first loop. */
export const NO_HISTORY: RemedyHistory = { loops: 0, slos: {}, remedies: {} };
