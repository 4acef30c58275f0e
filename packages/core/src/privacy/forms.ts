/**
 * Every written form in which a secret value may turn up: as it is, percent-encoded, inside JSON (also JSON in JSON, and with every other letter than
 * ASCII escaped), inside HTML, in base64 (three alignments, both alphabets) and hex; of a URL also its credentials, of several lines also each line.
 */
export function formsOf(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const part of new Set([value, ...credentialsOf(value), ...linesOf(value)])) {
    for (const form of writtenForms(part)) forms.add(form);
    const bytes = Buffer.from(part, 'utf8');
    if (bytes.length < 4) continue;
    const hex = bytes.toString('hex');
    forms.add(hex).add(hex.toUpperCase());
    for (const form of alignments(bytes)) forms.add(form).add(form.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

function writtenForms(text: string): readonly string[] {
  const encoded = encode(text, encodeURIComponent);
  // What encodeURIComponent leaves as it is, other encoders do not.
  const strict = encoded.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ a: text }).toString().slice(2);
  const percent = [encoded, strict, form, encode(text, encodeURI)].flatMap((each) => [each, each.replaceAll('%20', '+')]);
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replaceAll(/[^\0-\u007f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [
    text, ...percent, ...percent.map((each) => each.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())), json, json.replaceAll('/', '\\/'), ascii,
    ...[json, ascii].map((each) => JSON.stringify(each).slice(1, -1)), text.replaceAll(/[&<>"']/g, (character) => HTML[character] ?? character),
  ];
}

const HTML: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The user alone when there is no password; else the password, `user:password` and its SASL form; as written and decoded; also when the password holds `/`, `@` or `:` unescaped. */
function credentialsOf(value: string): readonly string[] {
  const scheme = /^[a-z][a-z0-9+.-]{0,30}:\/\//i.exec(value);
  const at = value.lastIndexOf('@');
  if (scheme === null || at < scheme[0].length) return [];
  const credentials = value.slice(scheme[0].length, at);
  const colon = credentials.indexOf(':');
  if (colon < 0) return [credentials, encode(credentials, decodeURIComponent)];
  const user = credentials.slice(0, colon);
  const password = credentials.slice(colon + 1);
  const pairs = [[user, password], [encode(user, decodeURIComponent), encode(password, decodeURIComponent)]] as const;
  return pairs.flatMap(([name, word]) => (word === '' ? [] : [word, `${name}:${word}`, `\0${name}\0${word}`]));
}

/** The lines of a value of several lines (a private key) that are long enough to be told from other text. */
function linesOf(value: string): readonly string[] {
  return value.includes('\n') ? value.split(/\r?\n/).filter((line) => line.trim().length >= 12 && !line.startsWith('-----')) : [];
}

/** The text through a coder of URIs; as it is when it holds what the coder refuses. */
function encode(text: string, coder: (text: string) => string): string {
  try {
    return coder(text);
  } catch {
    return text;
  }
}

/** The base64 texts that certainly appear when the bytes stand anywhere inside a longer base64 text. Those too short to tell from other text are left out. */
function alignments(bytes: Buffer): readonly string[] {
  const whole = bytes.toString('base64').replaceAll('=', '');
  const inner = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // The first characters mix with what stands before, the last with what comes after.
    return text.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + bytes.length) * 8) / 6));
  });
  return [whole, ...inner].filter((text) => text.length >= 4);
}
