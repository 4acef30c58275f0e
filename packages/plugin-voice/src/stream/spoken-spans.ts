import type { Millis, PictureSpan } from '@alice/realops/plugin';

/** Speech from its first sample to its last as spans of a picture, with the pauses in it apart, in the background. */
export function spokenSpans(onsetMs: Millis, endMs: Millis, pauses: readonly { readonly fromMs: Millis; readonly toMs: Millis; readonly ms: Millis }[]): readonly PictureSpan[] {
  const edges = [onsetMs, ...pauses.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), endMs].map((at) => Math.min(endMs, Math.max(onsetMs, at)));
  const spans = edges.slice(1).map((toMs, index): PictureSpan => {
    const fromMs = Math.min(edges[index] ?? onsetMs, toMs);
    const pause = pauses[(index - 1) / 2];
    return pause === undefined ? { fromMs, toMs } : { fromMs, toMs, tone: 'muted', label: `pause ${Math.round(pause.ms)} ms` };
  });
  return spans.filter(({ fromMs, toMs }) => toMs > fromMs);
}
