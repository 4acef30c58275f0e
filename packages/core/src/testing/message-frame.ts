/**
 * What holds the words of a received message, without the words: the keys of JSON, or the names of the headers of a mail. A text of a message that breaks out of its place
 * changes it. Undefined for other texts.
 */
export function frameOf(received: string): string | undefined {
  const json = parsed(received);
  if (json !== undefined) return keysOf(json.value, '').join(' ');
  const [head = '', ...body] = received.split(/\r?\n\r?\n/);
  const lines = head.split(/\r?\n/);
  if (body.length === 0 || !lines.every((line) => /^(?:[!-9;-~]+:|[ \t])/.test(line))) return undefined;
  return lines.flatMap((line) => (/^[ \t]/.test(line) ? [] : [line.slice(0, line.indexOf(':')).toLowerCase()])).sort().join(' ');
}

/** The words of a received message as its reader has them: JSON texts without their escapes. */
export function wordsOf(received: string): readonly string[] {
  const json = parsed(received);
  return json === undefined ? [received] : textsOf(json.value);
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function keysOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path}:${typeof value}`];
  return Object.entries(value).flatMap(([key, each]) => keysOf(each, `${path}/${key}`)).sort();
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
