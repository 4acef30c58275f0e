import { defineStep } from '@alice/realops/plugin';
import { customProtocol } from '../protocols/custom.js';
import { PROTOCOLS } from '../protocols/index.js';
import { conclude, endSentAt, finalLatency, onsetSentAt, recordMissingFinal, round } from './conclude.js';
import { connect, untilDone } from './connect.js';
import { converse, type Conversation, type Sign } from './converse.js';
import { TRANSCRIBE_METRICS } from './metrics.js';
import { createObserver } from './observe.js';
import { TRANSCRIBE_OUTPUT, TRANSCRIBE_WITH } from './parameters.js';
import { pictureOf, type Came } from './picture.js';
import { prepare } from './prepare.js';

/** What the recogniser says besides words, as notes. */
const SIGNS: { readonly [sign in Sign]: string } = { speechStart: 'asr_speech_start', speechStop: 'asr_speech_stop', turnEnd: 'asr_turn_end' };

/** `voice.transcribe`: streams a clip in real time into a recogniser, times what comes back from the samples that were sent, and counts word errors. */
export const transcribe = defineStep({
  use: 'voice.transcribe',
  description: 'Streams a clip in real time into a speech recogniser, with noise if wanted; measures latencies from the samples sent and word errors.',
  with: TRANSCRIBE_WITH,
  output: TRANSCRIBE_OUTPUT,
  metrics: TRANSCRIBE_METRICS,
  async run(parameters, context) {
    const protocol = typeof parameters.protocol === 'string' ? PROTOCOLS[parameters.protocol] : customProtocol(parameters.protocol, context.evaluate);
    const prepared = await prepare(parameters, protocol, context);
    const connection = await connect(parameters, protocol, context);
    const observer = createObserver(parameters.reference === undefined ? [] : [parameters.reference, ...parameters.alternatives], parameters.language);
    const came: Came[] = [];
    const conversation: Conversation = converse({
      ...connection,
      speech: prepared.speech,
      finals: parameters.finals,
      clock: context.clock,
      signal: context.signal,
      onPartial(heard) {
        came.push({ kind: 'partial', at: heard.at });
        observer.heard(heard, onsetSentAt(conversation, prepared), false);
        context.note('asr_partial', { text: heard.text, confidence: heard.confidence, latency_ms: round(heard.at - onsetSentAt(conversation, prepared)) });
      },
      onFinal(heard) {
        came.push({ kind: 'final', at: heard.at });
        observer.heard(heard, onsetSentAt(conversation, prepared), true);
        const { latencyMs, truncated } = finalLatency(heard.at, conversation, prepared);
        context.note('asr_final', { text: heard.text, confidence: heard.confidence, latency_ms: round(latencyMs), truncated: truncated && parameters.finals === 'first', ...(parameters.reference === undefined ? {} : { reference: parameters.reference }) });
      },
      onSign(sign, at) {
        came.push({ kind: sign, at });
        observer.sign(sign, at);
        const since = sign === 'speechStart' ? onsetSentAt(conversation, prepared) : endSentAt(conversation, prepared);
        context.note(SIGNS[sign], { latency_ms: round(at - since) });
      },
    });
    await untilDone(conversation, context, () => {
      recordMissingFinal(parameters, prepared, conversation, context);
      if (conversation.pacer.report().sent > 0) context.draw(pictureOf({ prepared, conversation, came }));
    });
    const output = conclude(parameters, prepared, conversation, observer.observations(), context);
    context.draw(pictureOf({ prepared, conversation, came }, output));
    return output;
  },
});
