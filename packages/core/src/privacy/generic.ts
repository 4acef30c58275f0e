/** Credentials that are recognised without being registered. Every quantifier is bounded and no pattern nests them, so each is linear. */
const PATTERNS: readonly { readonly pattern: RegExp; readonly replacement: string }[] = [
  { pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g, replacement: '[redacted]' },
  // The user part of a URL as it should be, up to the last @ before the path …
  { pattern: /\b([a-z][a-z0-9+.-]{0,20}:\/\/)(?!git@|\[(?:secret:|redacted\]))[^\s"'<>/?#\\]{1,400}@(?=[\w[])/gi, replacement: '$1[redacted]@' },
  // … and with an unescaped slash in the password, unless a port stands before the slash.
  { pattern: /\b([a-z][a-z0-9+.-]{0,20}:\/\/)(?!\[(?:secret:|redacted\]))([^\s"'<>/?#@:\\[]{1,100}):(?!\d{1,5}[/?#])(?!\[secret:)[^\s"'<>\\]{1,400}@(?=[\w[])/gi, replacement: '$1[redacted]@' },
  { pattern: /\b(authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?Digest )(?!\[)[^\r\n]{4,2000}/gi, replacement: '$1[redacted]' },
  { pattern: /\b(authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?(?:Bearer|Basic|Token|ApiKey|Negotiate)\s{1,3})(?!\[)[^\s"'\\,;]{2,4000}/gi, replacement: '$1[redacted]' },
  { pattern: /\b(authorization\\{0,3}["']?\s{0,3}[:=]\s{0,3}\\{0,3}["']?)(?!\[|Digest |Bearer |Basic |Token |ApiKey |Negotiate )(?=[^\s"'\\,;]{16}|[^\s"'\\,;]{0,15}\d)[^\s"'\\,;]{4,4000}/gi, replacement: '$1[redacted]' },
  { pattern: /\b((?:Bearer|Basic)\s{1,3})(?!\[)(?=[\w.~+/=-]{24}|[\w.~+/=-]{0,23}\d)[\w.~+/=-]{8,4000}/g, replacement: '$1[redacted]' },
  { pattern: /((?:^|[?&;\s"'])(?:api[_-]?key|access[_-]?token|refresh[_-]?token|id[_-]?token|token|password|passwd|pwd|client[_-]?secret|secret|signature|sig|x-amz-signature)=)(?!\[)[^&\s"'<>\\;]{1,2000}/gi, replacement: '$1[redacted]' },
  { pattern: /(["'](?:api[_-]?key|x-api-key|access[_-]?token|refresh[_-]?token|id[_-]?token|password|passwd|client[_-]?secret|set-cookie|cookie)\\{0,3}["']\s{0,3}:\s{0,3}\\{0,3}["'])(?!\[)[^"'\\]{1,2000}/gi, replacement: '$1[redacted]' },
  { pattern: /\beyJ[\w-]{10,2000}\.[\w-]{4,4000}\.[\w-]{4,1000}/g, replacement: '[redacted]' },
];

/**
 * Cheap tests that every text passes which a pattern could change; one of them is run on every event, so cases are spelt out, which is four times
 * as fast as the flag for them.
 */
const WITH_USER = /:\/\/[^\s"'<>]{0,502}@/;
const WITH_WORD =
  /[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz]|[Kk][Ee][Yy][=\\"']|[Tt][Oo][Kk][Ee][Nn][=\\"']|[Pp][Aa][Ss][Ss][Ww]|[Pp][Ww][Dd]=|[Ss][Ee][Cc][Rr][Ee][Tt][=\\"']|[Ss][Ii][Gg]=|[Ss][Ii][Gg][Nn][Aa][Tt][Uu][Rr][Ee]=|[Cc][Oo][Oo][Kk][Ii][Ee][\\"']|Bearer\s|Basic\s|PRIVATE KEY|eyJ[\w-]{10}/;

/** Whether a text may hold a credential by its looks. */
export function isSuspect(text: string): boolean {
  return WITH_WORD.test(text) || WITH_USER.test(text);
}

/** The text with what looks like a credential replaced by `[redacted]`. */
export function redactGeneric(text: string): string {
  if (!isSuspect(text)) return text;
  return PATTERNS.reduce((result, { pattern, replacement }) => result.replace(pattern, replacement), text);
}

/** Whether a text under this key is a credential whatever it looks like. */
export function isCredentialKey(key: string): boolean {
  return CREDENTIAL_KEY.test(key);
}

const CREDENTIAL_KEY = /^(?:(?:proxy-)?authorization|set-cookie|cookie|x-api-key|api[_-]?key|password|passwd|client[_-]?secret|access[_-]?token|refresh[_-]?token|id[_-]?token|private[_-]?key)$/i;
