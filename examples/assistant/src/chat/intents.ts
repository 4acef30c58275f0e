/** Which model answers: a small one at once, one that plans tool calls, or one that thinks long. */
export type Route = 'micro' | 'planner' | 'deep';

/** One thing people ask for, with utterances that teach the classifier to know it. */
export interface Intent {
  readonly name: string;
  readonly route: Route;
  readonly tool: string;
  readonly examples: readonly string[];
}

const lines = (text: string): string[] => text.trim().split('\n');

export const intents: readonly Intent[] = [
  { name: 'greeting.hello', route: 'micro', tool: 'none', examples: lines(`
hej
hej alice
hallå där
god morgon alice
tjena hur är läget
goddag på dig`) },
  { name: 'smalltalk.time', route: 'micro', tool: 'time.get', examples: lines(`
vad är klockan
hur mycket är klockan nu
vad är klockan just nu alice
vilken tid är det
kan du säga vad klockan är
är klockan mycket`) },
  { name: 'weather.today', route: 'micro', tool: 'weather.get', examples: lines(`
hur blir vädret idag
hur blir vädret imorgon
vad blir det för väder i helgen
kommer det att regna imorgon
hur varmt är det ute
blir det sol idag
behöver jag ett paraply`) },
  { name: 'system.lights', route: 'micro', tool: 'home.light', examples: lines(`
tänd lampan
släck lampan
tänd lampan i köket
släck lampan i sovrummet
tänd ljuset i hallen
släck alla lampor
kan du tända belysningen`) },
  { name: 'media.play', route: 'micro', tool: 'media.play', examples: lines(`
spela musiken
spela musik i köket
spela något lugnt
sätt på musiken i sovrummet
starta spellistan
spela nästa låt`) },
  { name: 'media.stop', route: 'micro', tool: 'media.stop', examples: lines(`
stoppa musiken
stoppa musiken i hallen
pausa låten
stäng av musiken
sluta spela
tyst på musiken`) },
  { name: 'volume.set', route: 'micro', tool: 'media.volume', examples: lines(`
höj volymen
sänk volymen
höj volymen i köket
sänk volymen i sovrummet
spela högre
skruva ner ljudet lite`) },
  { name: 'call.person', route: 'micro', tool: 'call.start', examples: lines(`
ring anna
ring erik imorgon
ring alice klockan två
ring upp min mamma
starta ett samtal med erik
kan du ringa anna`) },
  { name: 'calendar.create', route: 'planner', tool: 'calendar.create', examples: lines(`
boka möte
boka möte med anna imorgon
boka möte med erik idag klockan tre
boka ett möte klockan nio
lägg in lunch med anna i kalendern
skapa en kalenderhändelse på fredag
planera ett möte nästa vecka`) },
  { name: 'email.read', route: 'planner', tool: 'email.list', examples: lines(`
läs upp mejlen
läs upp mejlen idag
läs mina olästa mejl
har jag fått några nya mejl
vad står det i inkorgen
visa de senaste mejlen`) },
  { name: 'email.send', route: 'planner', tool: 'email.send', examples: lines(`
skicka mejl till anna
skicka mejl till erik imorgon
skicka ett mejl till alice idag
mejla erik om mötet
skriv ett mejl till anna och tacka
svara på mejlet från erik`) },
  { name: 'info.query', route: 'deep', tool: 'memory.query', examples: lines(`
förklara varför projektet är försenat
sammanfatta vad vi vet om projektet
jämför de två förslagen och föreslå ett
analysera riskerna i budgeten
berätta allt om hur värmen styrs hemma
vilka för- och nackdelar finns det
utred vad som hände och varför
resonera om vad som är bäst på lång sikt`) },
];
