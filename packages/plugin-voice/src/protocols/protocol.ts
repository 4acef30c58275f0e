import type { JsonObject } from '@alice/realops/plugin';
import type { AudioForm } from '../audio/encode.js';
import type { Spoken } from '../diarise/der.js';

/** One message on a stream, as it is sent: text, or bytes. Over TCP a text is sent as its UTF-8. */
export type Message = string | Uint8Array;

/** A transcript as a recogniser gives it: all of the current utterance, however many pieces it came in. */
export interface Transcript {
  readonly text: string;
  readonly confidence: number | null;
  /** Names the utterance where the protocol may send it again, formatted or corrected: a later final of the same name takes the place of the earlier one. */
  readonly segment?: string;
  /** Who said what of it, where the recogniser tells speakers apart. */
  readonly said?: readonly Said[];
}

/** What one of several speakers said, in ms of the stream. */
export interface Said extends Spoken {
  readonly text: string;
}

/** What a recogniser said, in terms every protocol shares. Several may lie in one message. */
export type AsrEvent =
  | ({ readonly kind: 'partial' } & Transcript)
  | ({ readonly kind: 'final' } & Transcript)
  /** Audio may be sent from now on. */
  | { readonly kind: 'ready' }
  /** The recogniser says that it hears speech, or that speech has ended; `claimedMs` is where in the stream, by its own account. */
  | { readonly kind: 'speechStart' | 'speechStop' | 'turnEnd'; readonly claimedMs?: number }
  /** The protocol wants this message back at once. */
  | { readonly kind: 'reply'; readonly message: Message }
  /** The recogniser reported an error of its own. */
  | { readonly kind: 'error'; readonly message: string }
  /** Anything else the protocol allows: an acknowledgement, a keep-alive. */
  | { readonly kind: 'other'; readonly name: string };

/** What an assistant that is spoken with says besides. */
export type TalkEvent =
  /** Its voice, in the form that the protocol has for it; `item` names what it is a piece of, where the protocol wants to be told how much of that was heard. */
  | { readonly kind: 'audio'; readonly data: Uint8Array; readonly item?: string }
  /** What came and was not played yet is not to be played. */
  | { readonly kind: 'clear' }
  /** It wants to be told when all that came before this was played, or will not be. */
  | { readonly kind: 'mark'; readonly name: string }
  /** It claims to be speaking, or to have stopped. */
  | { readonly kind: 'claim'; readonly isSpeaking: boolean }
  /** The words of its reply, and what it took the user to mean. */
  | { readonly kind: 'said' | 'intent'; readonly text: string };

/** Anything that may come on a stream. */
export type StreamEvent = AsrEvent | TalkEvent;

/** What a stream is opened with. */
export interface StreamOptions {
  readonly language: string;
  /** The recogniser's own settings, as the suite gives them. */
  readonly config: JsonObject | undefined;
  /** The form in which speech will come. */
  readonly audio: AudioForm;
  /** 32 hex digits, for protocols whose clients name themselves. */
  readonly traceId: string;
}

/** One stream under way. Without any input or output of its own; it may remember what came. */
export interface StreamSession<E extends StreamEvent> {
  /** Parameters for the address, unless it has them already. */
  readonly query?: { readonly [name: string]: string | readonly string[] };
  /** Audio waits until the recogniser has said that it is ready. */
  readonly gated?: boolean;
  /** What is sent when nothing else was for so long, in ms, so that the other side does not hang up. */
  readonly keepAlive?: { readonly message: Message; readonly everyMs: number };
  /** A frame of audio is the same message in every stream and at every place of it, but for the time: then `encodeAudio` may be called once for many streams. */
  readonly framesAlike?: boolean;
  /** Messages to send as soon as the connection is open. */
  open(): readonly Message[];
  /** One frame of speech. `wallSeconds` is the calendar time at which it is sent, in seconds since 1970. */
  encodeAudio(frame: Uint8Array, wallSeconds: number): Message;
  /** The messages that say no more audio will come. */
  end(): readonly Message[];
  /**
   * What a received message means; over TCP, what the received bytes complete.
   * @throws RealopsError REALOPS_PROTOCOL when the protocol does not allow such a message
   */
  decode(data: Uint8Array, isBinary: boolean): readonly E[] | Promise<readonly E[]>;
  /** What counts as said once the recogniser has closed after the end of the audio: text that it had not yet called final. */
  closed?(): readonly E[];
}

/** A stream to a recogniser. */
export type AsrSession = StreamSession<AsrEvent>;

/** A stream to an assistant that is spoken with. */
export interface TalkSession extends StreamSession<StreamEvent> {
  /** The message that says that all before a mark was played, or will not be. */
  played?(mark: string): Message;
  /** The message that says that no more of an item was heard than its first so many ms, the rest having been cleared. What comes of it later is not played. */
  truncate?(item: string, playedMs: number): Message;
  /** A key of the telephone. */
  encodeDigit?(digit: string): Message;
}

/** A streaming protocol. */
export interface AsrProtocol {
  readonly name: string;
  readonly transport: 'ws' | 'tcp';
  /** The forms of speech it can be given; the first one unless the suite asks for another. */
  readonly audio: readonly AudioForm[];
  /** Length of a frame unless the suite says otherwise, in ms. */
  readonly frameMs: number;
  /** It says when it hears speech, and when speech has ended. */
  readonly tellsSpeech?: boolean;
  start(options: StreamOptions): AsrSession;
}

/** A protocol in which one speaks with an assistant. */
export interface TalkProtocol extends Omit<AsrProtocol, 'start'> {
  /** The form in which the assistant's voice comes. */
  readonly voice: AudioForm;
  /** Whether keys of the telephone can be sent. */
  readonly hasDigits?: boolean;
  /** Whether it tells the words of its reply, and what it took the user to mean. */
  readonly tells: { readonly text: boolean; readonly intent: boolean };
  /** What a turn may wait for by its name; anything when absent. */
  readonly eventNames?: readonly string[];
  start(options: StreamOptions): TalkSession;
}

/** What most recognisers want: 16 kHz, 16 bits. */
export const PCM_16_KHZ: AudioForm = { encoding: 's16le', rate: 16_000 };
