import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeWav, encodeWav } from '../src/speech/pcm.js';
import { addRoomTone, pad } from './mixing.js';
import { makeNoises } from './noises.js';
import { testSentences } from './sentences.js';
import { speak, sox, type Manner } from './speak.js';

/** Makes the test speech and noise under examples/alice/datasources. Run again only to change it: the files are committed. */

const target = fileURLToPath(new URL('../../alice/datasources/', import.meta.url));
const header = 'client_id path sentence_id sentence sentence_domain up_votes down_votes age gender accents variant locale segment'.split(' ');
/** Quiet before and after the words of every clip, in seconds. */
const leadS = 0.25;
const tailS = 0.15;

/** Ten voices that the recogniser has never heard, four sentences each. */
const speakers: readonly (Manner & { readonly gender: string })[] = [
  { voice: 'sv+m2', speed: 155, pitch: 45, gender: 'male_masculine' },
  { voice: 'sv+f5', speed: 175, pitch: 60, gender: 'female_feminine' },
  { voice: 'sv+m8', speed: 165, pitch: 40, gender: 'male_masculine' },
  { voice: 'sv+Mario', speed: 160, pitch: 50, gender: 'male_masculine' },
  { voice: 'sv+klatt2', speed: 170, pitch: 50, gender: 'male_masculine' },
  { voice: 'sv+steph3', speed: 150, pitch: 55, gender: 'female_feminine' },
  { voice: 'sv+anika', speed: 180, pitch: 50, gender: 'female_feminine' },
  { voice: 'sv+Andy', speed: 165, pitch: 50, gender: 'male_masculine' },
  { voice: 'sv+f2', speed: 225, pitch: 80, gender: 'female_feminine' },
  { voice: 'sv+m4', speed: 230, pitch: 25, gender: 'male_masculine' },
];

/** Two halves of one sentence with a pause in ms between them; no pause lies on a value a timeout is likely to have. */
const pauses: readonly (readonly [speaker: number, before: string, pauseMs: number, after: string])[] = [
  [0, 'hej alice', 450, 'tänd lampan i köket'],
  [1, 'boka möte med anna', 450, 'imorgon klockan tio'],
  [3, 'skicka mejl till erik', 450, 'imorgon'],
  [8, 'hej alice', 600, 'höj volymen i köket'],
  [9, 'boka möte idag', 600, 'klockan fem'],
  [0, 'boka möte med erik', 750, 'imorgon klockan nio'],
  [1, 'hej alice', 750, 'spela musiken i köket'],
  [3, 'ring alice', 750, 'idag klockan nio'],
  [8, 'skicka mejl till alice', 750, 'idag'],
  [0, 'boka möte med alice', 600, 'idag klockan två'],
  [1, 'ring erik', 600, 'imorgon klockan nio'],
  [3, 'hej alice', 600, 'tänd lampan i hallen'],
  [8, 'skicka mejl till anna', 600, 'imorgon'],
  [9, 'hej alice', 600, 'sänk volymen i sovrummet'],
  [0, 'ring anna', 600, 'idag klockan tio'],
  [1, 'hej alice', 600, 'stoppa musiken i köket'],
];

/** What people say who do not want to take the turn, by four of the speakers. */
const backchannels: readonly string[] = ['mm', 'ja', 'precis'];
const backchannelSpeakers: readonly number[] = [0, 1, 3, 6];

/** What is said in the room, but not to the assistant: none of it could be understood. */
const sideTalk: readonly (readonly [speaker: number, text: string])[] = [
  [2, 'har du sett mina glasögon någonstans'],
  [6, 'nej men titta det börjar nästan snöa'],
  [7, 'kommer bussen före åtta eller först senare'],
  [8, 'vi får köpa bröd på hemvägen också'],
];

/** Where two words part in a clip, in ms: there a pause can be put in. By number of the clip. */
const partings: readonly (readonly [clip: number, atMs: number])[] = [[4, 1410], [6, 1380], [19, 860], [37, 1110], [40, 1090]];
/** No pause lies on a value a timeout is likely to have. */
const thinkingMs: readonly number[] = [200, 400, 600, 800];

/** Ends and starts a recording where its words do. */
const trim = ['silence', '1', '0.005', '-50d', 'reverse', 'silence', '1', '0.005', '-50d', 'reverse'];

const hash = (text: string, length: number): string => createHash('sha512').update(`synthetic ${text}`).digest('hex').slice(0, length);

function row(file: string, sentence: string, { voice, gender }: { voice: string; gender: string }): string {
  const fields = [hash(voice, 128), file, hash(sentence, 64), sentence, '', '2', '0', '', gender, 'Syntetiskt tal (espeak-ng)', '', 'sv-SE', ''];
  return fields.join('\t');
}

async function speakClips(scratch: string): Promise<string[]> {
  const rows: string[] = [];
  for (const [v, speaker] of speakers.entries()) {
    for (let k = 0; k < 4; k++) {
      const sentence = testSentences[(5 * v + 12 * k) % testSentences.length] ?? '';
      const file = `synthetic_sv_${String(4 * v + k + 1).padStart(3, '0')}.wav`;
      const spoken = await speak(sentence, speaker, join(scratch, file), trim);
      await writeFile(join(target, 'sv/clips', file), encodeWav(addRoomTone(pad(spoken, leadS, tailS), 4 * v + k), 16_000));
      rows.push(row(file, sentence, speaker));
    }
  }
  return rows;
}

async function speakPauses(scratch: string): Promise<string[]> {
  const rows: string[] = [];
  for (const [i, [speakerIndex, before, pauseMs, after]] of pauses.entries()) {
    const speaker = speakers[speakerIndex];
    if (!speaker) continue;
    const file = `synthetic_pause${pauseMs}_${String(i + 1).padStart(2, '0')}.wav`;
    const [first, second, whole] = ['a', 'b', 'whole'].map((part) => join(scratch, `${i}${part}.wav`));
    if (!first || !second || !whole) continue;
    await speak(before, speaker, first, trim);
    await speak(after, speaker, second, [...trim, 'pad', String(pauseMs / 1000), '0']);
    await sox(first, second, whole);
    const samples = decodeWav(await readFile(whole));
    await writeFile(join(target, 'sv/clips', file), encodeWav(addRoomTone(pad(samples, leadS, tailS), 1000 + i), 16_000));
    rows.push(`${row(file, `${before} ${after}`, speaker)}\t${pauseMs}`);
  }
  return rows;
}

/** Clips again, with the place and length of a pause to be put in: `thinking.tsv`. */
function rowsWithPlaces(rows: readonly string[]): readonly string[] {
  return partings.flatMap(([clip, atMs]) => thinkingMs.map((ms) => `${rows[clip - 1] ?? ''}\t${atMs}\t${ms}`));
}

/** What an assistant should not react to: `asides.tsv`, with the kind of sound in the column `class`. */
async function speakAsides(scratch: string): Promise<string[]> {
  const all = [
    ...backchannels.flatMap((text) => backchannelSpeakers.map((speaker) => ({ kind: 'backchannel', speaker, text }))),
    ...sideTalk.map(([speaker, text]) => ({ kind: 'side-talk', speaker, text })),
  ];
  const rows: string[] = [];
  for (const [i, { kind, speaker: index, text }] of all.entries()) {
    const speaker = speakers[index];
    if (!speaker) continue;
    const file = `synthetic_${kind.replace('-', '')}_${String(i + 1).padStart(2, '0')}.wav`;
    const spoken = await speak(text, speaker, join(scratch, file), trim);
    await writeFile(join(target, 'sv/clips', file), encodeWav(addRoomTone(pad(spoken, 0.1, 0.1), 2000 + i), 16_000));
    rows.push(`${row(file, text, speaker)}\t${kind}`);
  }
  return rows;
}

const scratch = await mkdtemp(join(tmpdir(), 'alice-clips-'));
await rm(join(target, 'sv/clips'), { recursive: true, force: true });
await mkdir(join(target, 'sv/clips'), { recursive: true });
await mkdir(join(target, 'noise'), { recursive: true });
const writeTable = (file: string, columns: readonly string[], rows: readonly string[]): Promise<void> =>
  writeFile(join(target, 'sv', file), [[...header, ...columns].join('\t'), ...rows].map((line) => `${line}\n`).join(''));
const clips = await speakClips(scratch);
await writeTable('validated.tsv', [], clips);
await writeTable('pauses.tsv', ['pause_ms'], await speakPauses(scratch));
await writeTable('thinking.tsv', ['pause_at_ms', 'pause_ms'], rowsWithPlaces(clips));
await writeTable('asides.tsv', ['class'], await speakAsides(scratch));
await makeNoises(scratch, join(target, 'noise'));
await rm(scratch, { recursive: true });
console.log(`wrote ${target}`);
