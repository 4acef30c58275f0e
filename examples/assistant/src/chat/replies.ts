import type { Understanding } from './nlu.js';
import type { Hit } from './retrieval.js';

/** What the small model says: one plain Swedish sentence. `now` is local time. */
export function reply({ intent, slots: { person, day, time, room } }: Understanding, message: string, now: Date): string {
  const where = room ? ` i ${room}` : '';
  switch (intent) {
    case 'greeting.hello':
      return 'Hej! Vad kan jag hjälpa till med?';
    case 'smalltalk.time':
      return `Klockan är ${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}.`;
    case 'weather.today':
      return day === 'imorgon' ? 'Imorgon väntas sol på förmiddagen och regn mot kvällen.' : 'Idag blir det mulet med tolv grader.';
    case 'system.lights':
      return /släck/iu.test(message) ? `Jag släcker lampan${where}.` : `Jag tänder lampan${where}.`;
    case 'media.play':
      return `Jag spelar musik${where}.`;
    case 'media.stop':
      return `Jag stoppar musiken${where}.`;
    case 'volume.set':
      return /sänk|ner|lägre|tystare/iu.test(message) ? `Jag sänker volymen${where}.` : `Jag höjer volymen${where}.`;
    case 'call.person':
      return `Jag ringer ${person ?? 'upp'}${day ? ` ${day}` : ''}${time ? ` klockan ${time}` : ''}.`;
    default:
      return 'Det förstod jag inte. Säg det gärna på ett annat sätt.';
  }
}

/** What the deep model says: the passages that fit, put together. */
export function essay(hits: readonly Hit[]): string {
  const fitting = hits.filter(({ score }) => score > 0);
  if (fitting.length === 0) return 'Jag har gått igenom anteckningarna utan att hitta något som rör frågan. Ställ den gärna på ett annat sätt.';
  return `Det här säger anteckningarna. ${fitting.slice(0, 4).map(({ text }) => text).join(' ')} Det är vad som går att säga av det som är skrivet.`;
}
