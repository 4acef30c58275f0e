import type { JsonObject } from '@alice/realops/plugin';

/** One message on a stream, as it is sent. */
export type Message = string | Uint8Array;

/** What a recogniser said, in terms every protocol shares. Several may lie in one message. */
export type AsrEvent =
  | { readonly kind: 'partial'; readonly text: string; readonly confidence: number | null }
  | { readonly kind: 'final'; readonly text: string; readonly confidence: number | null }
  /** The recogniser reported an error of its own. */
  | { readonly kind: 'error'; readonly message: string }
  /** Anything else the protocol allows: an acknowledgement, a keep-alive. */
  | { readonly kind: 'other'; readonly name: string };

/** What a stream is opened with. */
export interface StreamOptions {
  readonly language: string;
  /** The recogniser's own settings, as the suite gives them. */
  readonly config: JsonObject | undefined;
}

/**
 * A streaming protocol: pure functions between our terms and messages, without any input or output. Speech is 16 kHz mono 16-bit little-endian PCM;
 * a protocol that wants another form converts in `encodeAudio`.
 */
export interface AsrProtocol {
  readonly name: string;
  /** Messages to send as soon as the connection is open. */
  open(options: StreamOptions): readonly Message[];
  /** One frame of speech. `wallSeconds` is the calendar time at which it is sent, in seconds since 1970. */
  encodeAudio(pcm: Uint8Array, wallSeconds: number): Message;
  /** The message that says no more audio will come. */
  end(): Message;
  /**
   * What a received message means.
   * @throws RealopsError REALOPS_PROTOCOL when the protocol does not allow such a message
   */
  decode(data: Uint8Array, isBinary: boolean): readonly AsrEvent[];
}
