import { RealopsError, type StepContext } from '@alice/realops/plugin';
import type { AsrProtocol } from '../protocols/protocol.js';
import { normaliseFor } from '../transcribe/compare.js';
import { configOf, prepare, type Prepared, type TranscribeParameters } from '../transcribe/prepare.js';
import { formOf } from '../transcribe/stream.js';
import { listClips, type ClipEntry, type LoadParameters } from './clips.js';
import type { LoadClip } from './job.js';
import { makeWire, shared } from './wire.js';

/** Clips that can be sent, and what is known of them that the senders need not know. */
export interface ReadyClips {
  readonly clips: readonly LoadClip[];
  /** The normalised reference of each; undefined where there is none. */
  readonly references: readonly (string | undefined)[];
  /** What was done to them, as labels. */
  readonly labels: Prepared['labels'];
}

/** What all clips of a load may take in memory, as samples and as frames. */
const MOST_BYTES = 1 << 30;

/** Reads all clips, puts them under the conditions, and encodes them once for all streams. @throws RealopsError as `prepare` */
export async function readyClips(parameters: LoadParameters, protocol: AsrProtocol, context: StepContext): Promise<ReadyClips> {
  const entries = await listClips(parameters, context);
  const clips: LoadClip[] = [];
  const references: (string | undefined)[] = [];
  let labels: Prepared['labels'] = { noise: 'none' };
  let bytes = 0;
  for (const entry of entries) {
    context.signal.throwIfAborted();
    const given = asTranscribed(parameters, entry);
    const prepared = await prepare(given, protocol, context);
    const session = protocol.start({ language: parameters.language, config: configOf(parameters), audio: formOf(given, protocol), traceId: context.step.traceId });
    const wire = makeWire(protocol, session, prepared.speech, context.random);
    bytes += prepared.speech.bytes.length + (wire?.bytes.length ?? 0);
    if (bytes > MOST_BYTES) throw new RealopsError('REALOPS_INPUT_INVALID', `${clips.length} of ${entries.length} clips fill ${MOST_BYTES / 2 ** 20} MiB as they are sent`, { hint: 'name fewer clips; a load says them again and again' });
    clips.push({ speech: { ...prepared.speech, bytes: shared(prepared.speech.bytes) }, ...(wire === undefined ? {} : { wire }), onsetFrame: prepared.onsetFrame, endFrame: prepared.endFrame });
    references.push(entry.reference === undefined ? undefined : normaliseFor(parameters.language, entry.reference, parameters.normaliser));
    labels = prepared.labels;
  }
  return { clips, references, labels };
}

/** A clip of the load as `voice.transcribe` would be asked for it. */
export function asTranscribed(parameters: LoadParameters, clip: ClipEntry): TranscribeParameters {
  const { clips: _, streams: _streams, rampMs: _ramp, turns: _turns, durationMs: _duration, answerMs: _answer, workers: _workers, ...same } = parameters;
  return { ...same, ...clip, alternatives: [], keywords: [], pauses: [], labels: {} };
}
