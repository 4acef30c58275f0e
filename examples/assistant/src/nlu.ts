/** What an utterance was taken to mean. */
export interface Understanding {
  readonly intent: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly route: 'micro' | 'planner' | 'deep';
  readonly tool: string;
  readonly slots: { readonly [name: string]: string };
}

interface IntentRule {
  readonly intent: string;
  readonly route: Understanding['route'];
  readonly tool: string;
  /** Word beginnings and their weight. */
  readonly cues: { readonly [beginning: string]: number };
}

const rules: readonly IntentRule[] = [
  { intent: 'greeting.hello', route: 'micro', tool: 'none', cues: { hej: 2, hallå: 3, godmorgon: 3, tjena: 3 } },
  { intent: 'smalltalk.time', route: 'micro', tool: 'time.get', cues: { klockan: 2, tid: 2, mycket: 1 } },
  { intent: 'weather.today', route: 'micro', tool: 'weather.get', cues: { väder: 4, vädret: 4, regn: 3, sol: 2, grader: 2 } },
  { intent: 'system.lights', route: 'micro', tool: 'home.light', cues: { tänd: 4, släck: 4, lampa: 3, ljus: 2 } },
  { intent: 'media.play', route: 'micro', tool: 'media.play', cues: { spela: 4, musik: 2 } },
  { intent: 'media.stop', route: 'micro', tool: 'media.stop', cues: { stoppa: 4, pausa: 4, musik: 1 } },
  { intent: 'volume.set', route: 'micro', tool: 'media.volume', cues: { höj: 3, sänk: 3, volym: 4 } },
  { intent: 'call.person', route: 'micro', tool: 'call.start', cues: { ring: 4, telefon: 2 } },
  { intent: 'calendar.create', route: 'planner', tool: 'calendar.create', cues: { boka: 4, möte: 3, kalender: 3, träff: 2, lägg: 1 } },
  { intent: 'email.read', route: 'planner', tool: 'email.list', cues: { läs: 3, mejlen: 3, inkorg: 3 } },
  { intent: 'email.send', route: 'planner', tool: 'email.send', cues: { skicka: 4, mejl: 2, skriv: 2, svara: 2 } },
  { intent: 'info.query', route: 'deep', tool: 'none', cues: { sammanfatta: 5, förklara: 5, jämför: 4, analysera: 5, varför: 3, berätta: 2 } },
];

/** Scores every intent by the cues an utterance holds; the margin to the second best makes the confidence. */
export function understand(text: string): Understanding {
  const words = text.toLowerCase().normalize('NFC').match(/[\p{L}\p{N}:]+/gu) ?? [];
  const scored = rules
    .map((rule) => ({ rule, score: Object.entries(rule.cues).reduce((sum, [cue, weight]) => sum + (words.some((word) => word.startsWith(cue)) ? weight : 0), 0) }))
    .sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  if (best === undefined || best.score === 0) return { intent: 'none', confidence: 0.2, route: words.length > 12 ? 'deep' : 'micro', tool: 'none', slots: {} };
  const confidence = Math.min(0.99, 0.5 + 0.5 * ((best.score - (second?.score ?? 0)) / best.score) * Math.min(1, best.score / 4));
  return { intent: best.rule.intent, confidence: Math.round(confidence * 100) / 100, route: best.rule.route, tool: best.rule.tool, slots: slotsOf(words) };
}

function slotsOf(words: readonly string[]): Understanding['slots'] {
  const person = ['anna', 'erik', 'alice', 'anders'].find((name) => words.includes(name));
  const day = ['idag', 'imorgon', 'ikväll'].find((each) => words.includes(each));
  const clock = words[words.indexOf('klockan') + 1];
  const room = ['köket', 'hallen', 'sovrummet'].find((each) => words.includes(each));
  return {
    ...(person === undefined ? {} : { person }), ...(day === undefined ? {} : { day }), ...(room === undefined ? {} : { room }),
    ...(words.includes('klockan') && clock !== undefined && /^(?:\d|två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv)/.test(clock) ? { time: clock } : {}),
  };
}
