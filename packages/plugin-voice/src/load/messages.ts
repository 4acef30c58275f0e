import type { Json } from '@alice/realops/plugin';
import type { Job, ShareSummary, TurnResult } from './job.js';

/** What a thread says to the main one. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'turns'; readonly results: readonly TurnResult[] }
  /** Expressions of the suite are evaluated by the engine, which lives in the main thread. */
  | { readonly kind: 'ask'; readonly id: number; readonly expression: string; readonly input: Json }
  | { readonly kind: 'done'; readonly summary: ShareSummary };

/** What the main thread says to one of the others. */
export type ToWorker =
  | { readonly kind: 'go'; readonly job: Job }
  | { readonly kind: 'stop' }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: Json; readonly failure?: string };
