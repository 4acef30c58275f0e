import { Buffer } from 'node:buffer';
import { RealopsError, type Infer, type Json, type StepContext } from '@alice/realops/plugin';
import { wavOf } from '../audio/wav-file.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import type { Spoken } from '../diarise/der.js';
import { spokenIn } from '../diarise/read.js';
import { shown } from '../protocols/read.js';
import { requestSpeech } from '../synthesize/request.js';
import type { DISTINGUISH } from './parameters.js';

/**
 * Has another system tell who spoke when: it is sent the mixture as a WAV file.
 * @throws RealopsError REALOPS_CONNECTION, REALOPS_TARGET_FAILED for a status that is not of success, REALOPS_PROTOCOL for an answer that says nothing of it
 */
export async function askDiariser(samples: Int16Array, { url, headers, field, segments }: Infer<typeof DISTINGUISH>, context: StepContext): Promise<readonly Spoken[]> {
  const target = context.target(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new RealopsError('REALOPS_WITH_INVALID', `a diariser is spoken to by http and https, not ${target.protocol}//`, { hint: 'check the URL of the target' });
  const { traceId } = context.step;
  const wav = wavOf(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), SAMPLE_RATE);
  const { type, body } = field === undefined ? { type: 'audio/wav', body: wav } : formOf(field, wav, `realops-${traceId}`);
  const answer = await requestSpeech({ url: target, method: 'POST', clock: context.clock, signal: context.signal, body, headers: { 'content-type': type, traceparent: `00-${traceId}-${traceId.slice(16)}-01`, ...headers } });
  if (answer.status < 200 || answer.status > 299) throw new RealopsError('REALOPS_TARGET_FAILED', `the diariser answered with status ${answer.status}`);
  const found = await context.evaluate(segments, readJson(answer.body));
  return spokenIn(found, (each) => new RealopsError('REALOPS_PROTOCOL', `the expression segments gives ${shown(each)}, not { speaker, startMs, endMs }`));
}

/** The file as the only part of a form. */
function formOf(field: string, wav: Uint8Array, boundary: string): { readonly type: string; readonly body: Uint8Array } {
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${field.replaceAll(/["\r\n]/gu, '')}"; filename="mixture.wav"\r\ncontent-type: audio/wav\r\n\r\n`;
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat([Buffer.from(head), wav, Buffer.from(`\r\n--${boundary}--\r\n`)]) };
}

function readJson(body: Uint8Array): Json {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as Json;
  } catch (cause) {
    throw new RealopsError('REALOPS_PROTOCOL', `the diariser answered with ${body.length} bytes that are not JSON`, { cause });
  }
}
