import { createRandom } from '../src/random.js';

/** The forty words the assistant understands by ear. */
export const vocabulary: readonly string[] = (
  'hej alice vad är klockan hur blir vädret idag imorgon boka möte med anna erik två tre fem nio tio tänd släck lampan i köket hallen ' +
  'sovrummet spela stoppa musiken höj sänk volymen ring läs upp mejlen skicka mejl till'
).split(' ');

/** Sentences kept for testing: never trained on, neither their sound nor their word pairs. */
export const testSentences: readonly string[] = `vad är klockan
hej alice hur blir vädret imorgon
boka möte med anna imorgon klockan tio
tänd lampan i köket
spela musiken i hallen
höj volymen i sovrummet
ring erik klockan tre
läs upp mejlen idag
skicka mejl till anna
hur blir vädret idag
hej alice tänd lampan
boka möte klockan nio
hej alice stoppa musiken
sänk volymen
ring alice imorgon
boka möte med erik
hej alice läs upp mejlen
skicka mejl till erik imorgon
släck lampan i sovrummet
spela musiken
boka möte med alice idag klockan två
hej alice höj volymen
ring anna
hej alice skicka mejl till alice
släck lampan
stoppa musiken i köket
boka möte idag klockan fem
hej alice ring erik
tänd lampan i hallen
sänk volymen i köket
skicka mejl till alice idag
hej alice boka möte med anna
hej alice spela musiken i köket
ring erik imorgon klockan fem
hej alice släck lampan i köket
höj volymen i hallen
boka möte med anna klockan tre
hej alice sänk volymen
stoppa musiken i hallen
ring alice idag klockan nio
hej alice boka möte imorgon
tänd lampan i sovrummet
hej alice skicka mejl till erik idag
ring anna klockan två
hej alice tänd lampan i hallen
boka möte med erik imorgon klockan nio
spela musiken i sovrummet
hej alice höj volymen i köket`.split('\n');

/** The shapes of all sentences; `[x]` may be left out, upper-case letters are slots. */
const shapes: readonly string[] = [
  'vad är klockan',
  'hur blir vädret D',
  'boka möte [med N] [D] [klockan T]',
  'L lampan [i R]',
  'P musiken [i R]',
  'V volymen [i R]',
  'ring N [D] [klockan T]',
  'läs upp mejlen [D]',
  'skicka mejl till N [D]',
];
const slots: { readonly [slot: string]: readonly string[] } = {
  N: ['anna', 'erik', 'alice'],
  D: ['idag', 'imorgon'],
  T: ['två', 'tre', 'fem', 'nio', 'tio'],
  R: ['köket', 'hallen', 'sovrummet'],
  L: ['tänd', 'släck'],
  P: ['spela', 'stoppa'],
  V: ['höj', 'sänk'],
};

/** Draws `count` sentences of the same shapes, none of them a test sentence; repeats may occur. */
export function drawTrainingSentences(count: number, seed: number): string[] {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const kept = new Set(testSentences);
  const drawn: string[] = [];
  while (drawn.length < count) {
    const shape = (pick(shapes) ?? '').replace(/\[[^\]]+\]/g, (part) => (random() < 0.5 ? part.slice(1, -1) : ''));
    const body = shape.replace(/\b[A-Z]\b/g, (slot) => pick(slots[slot] ?? []) ?? '');
    const sentence = `${random() < 0.4 ? 'hej alice ' : ''}${body}`.replace(/ +/g, ' ').trim();
    if (!kept.has(sentence)) drawn.push(sentence);
  }
  return drawn;
}
