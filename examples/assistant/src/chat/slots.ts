/** The particulars of a request. */
export interface Slots {
  readonly person?: string;
  readonly day?: string;
  /** 24-hour clock, HH:MM. */
  readonly time?: string;
  readonly room?: string;
}

const people = ['anna', 'erik', 'alice', 'anders', 'mamma', 'pappa'];
const days = ['idag', 'imorgon', 'ikväll', 'måndag', 'tisdag', 'onsdag', 'torsdag', 'fredag', 'lördag', 'söndag'];
const rooms = ['köket', 'hallen', 'sovrummet', 'vardagsrummet'];
const hours = ['noll', 'ett', 'två', 'tre', 'fyra', 'fem', 'sex', 'sju', 'åtta', 'nio', 'tio', 'elva', 'tolv'];

/** "klockan tre" to 15:00: hours one to six mean the afternoon, as people say them about appointments. */
function timeIn(text: string): string | undefined {
  const said = /(?:klockan|kl\.?)\s+([\p{L}\d]+)(?:[:.](\d\d))?/u.exec(text);
  if (!said) return undefined;
  const [, word = '', minutes = '00'] = said;
  const number = /^\d+$/.test(word) ? Number(word) : hours.indexOf(word);
  if (number < 0 || number > 23 || Number(minutes) > 59) return undefined;
  const hour = !/^\d+$/.test(word) && number >= 1 && number <= 6 ? number + 12 : number;
  return `${String(hour).padStart(2, '0')}:${minutes}`;
}

/** Reads person, day, time and room out of an utterance; what is not said is left out. */
export function findSlots(text: string): Slots {
  const lower = text.toLocaleLowerCase('sv').normalize('NFC').replace(/i morgon/gu, 'imorgon').replace(/i kväll/gu, 'ikväll');
  const request = lower.replace(/^\s*(?:hej|hallå)\s+alice\b/u, '');
  const words = request.match(/[\p{L}\p{N}]+/gu) ?? [];
  const said = new Set<string>(words);
  const one = (list: readonly string[]): string | undefined => list.find((item) => said.has(item));
  const [person, day, time, room] = [one(people), one(days), timeIn(request), one(rooms)];
  return { ...(person ? { person } : {}), ...(day ? { day } : {}), ...(time ? { time } : {}), ...(room ? { room } : {}) };
}
