/** Every written form in which a secret value may turn up: as it is, percent-encoded, inside JSON, in base64 (three alignments) and hex; of a URL also its parts. */
export function formsOf(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const part of [value, ...partsOfUrl(value)]) {
    for (const text of new Set([part, encodeURIComponent(part), encodeURI(part), encodeURIComponent(part).replaceAll('%20', '+'), JSON.stringify(part).slice(1, -1)])) forms.add(text);
    const bytes = Buffer.from(part, 'utf8');
    if (bytes.length < 4) continue;
    forms.add(bytes.toString('hex'));
    forms.add(bytes.toString('hex').toUpperCase());
    for (const text of alignments(bytes)) {
      forms.add(text);
      forms.add(text.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return forms;
}

/** The password, `user:password` and its SASL form of a URL with credentials, decoded and as written; also when the password holds `/`, `@` or `:` unescaped. */
function partsOfUrl(value: string): readonly string[] {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(value);
  const at = value.lastIndexOf('@');
  if (scheme === null || at < scheme[0].length) return [];
  const credentials = value.slice(scheme[0].length, at);
  const colon = credentials.indexOf(':');
  if (colon < 0) return [credentials];
  const user = credentials.slice(0, colon);
  const password = credentials.slice(colon + 1);
  const pairs = [[user, password], [decode(user), decode(password)]] as const;
  return pairs.flatMap(([name, word]) => (word === '' ? [] : [word, `${name}:${word}`, `\u0000${name}\u0000${word}`]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The base64 texts that certainly appear when the bytes stand anywhere inside a longer base64 text. Those too short to tell are left out. */
function alignments(bytes: Buffer): readonly string[] {
  const whole = bytes.toString('base64').replaceAll('=', '');
  const inner = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replaceAll('=', '');
    // The first characters mix with what stands before, the last with what comes after.
    const first = shift === 0 ? 0 : shift + 1;
    const certain = Math.floor(((shift + bytes.length) * 8) / 6);
    return text.slice(first, certain);
  });
  return [whole, ...inner].filter((text) => text.length >= 6);
}
