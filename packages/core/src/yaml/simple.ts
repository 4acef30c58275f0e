import type { Part, ScalarPart } from './part.js';

/** Thrown inside this file alone: the text is not of the simple kind, and the library decides what it is. */
const NOT_SIMPLE = Symbol('not simple');

/** Begins something that is not read here: an anchor, alias, tag, block text, directive or explicit key. */
const SPECIAL = /[&*!|>%@`?:,[\]{}#]/;
/** What the core schema reads as something other than a text. */
const NOT_TEXT = /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?(?:\.?[0-9]+|[0-9]+\.[0-9]*|\.inf|\.Inf|\.INF)(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|\.nan|\.NaN|\.NAN|[-+]?\.[0-9]+(?:[eE][-+]?[0-9]+)?)$/;
const NUMBER = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?$/;
/** Nesting beyond this is left to the library and its limits. */
const DEEPEST = 40;

/**
 * Reads the kind of YAML that suites are made of: block maps and lists, flow maps and lists, plain and quoted texts on one line, comments. Several times as
 * fast as the library, and gives the same parts; undefined for everything else (block texts, anchors, tags, texts over several lines, mistakes), which the
 * library reads or explains.
 */
export function readSimple(text: string): Part | undefined {
  // Tabs, carriage returns, marks of documents and directives have rules of their own.
  if (/[\t\r\u0085\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)/m.test(text)) return undefined;
  try {
    return createReader(text).file();
  } catch (error) {
    if (error === NOT_SIMPLE) return undefined;
    throw error;
  }
}

function createReader(text: string): { file(): Part | undefined } {
  let at = 0;
  let lineStart = 0;

  const leave = (): never => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a jump out of the recursion, caught in readSimple
    throw NOT_SIMPLE;
  };
  const column = (): number => at - lineStart;
  const blanks = (): void => {
    while (text.charCodeAt(at) === 32) at += 1;
  };
  /** Goes over the rest of a line that holds nothing, or a comment; leaves when it holds more. */
  const endLine = (): void => {
    blanks();
    const character = text.charAt(at);
    if (character === '#') {
      if (at > lineStart && text.charAt(at - 1) !== ' ') leave();
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (character !== '\n' && at < text.length) leave();
    if (at < text.length) {
      at += 1;
      lineStart = at;
    }
  };
  /** Goes to the first character of the next line that holds something; gives its column, -1 at the end. */
  const nextLine = (): number => {
    while (at < text.length) {
      blanks();
      const character = text.charAt(at);
      if (character !== '\n' && character !== '#') return column();
      endLine();
    }
    return -1;
  };

  const scalar = (start: number, end: number, value: unknown, source: string, style: ScalarPart['style']): ScalarPart => ({ kind: 'scalar', start, end, anchor: undefined, tag: undefined, value, source, style });
  const quoted = (): ScalarPart => {
    const quote = text.charAt(at);
    const start = at;
    for (at += 1; ; at += 1) {
      const character = text.charAt(at);
      if (character === '' || character === '\n' || (character === '\\' && quote === '"')) leave();
      if (character !== quote) continue;
      if (quote === '"' || text.charAt(at + 1) !== quote) break;
      at += 1;
    }
    const inner = text.slice(start + 1, at);
    at += 1;
    const value = quote === "'" ? inner.replaceAll("''", "'") : inner;
    return scalar(start, at, value, value, quote === '"' ? 'double' : 'single');
  };
  /** A text without quotes up to what ends it; inside brackets also commas and brackets do. */
  const plain = (flow: boolean, key: boolean): ScalarPart => {
    const start = at;
    const first = text.charAt(at);
    const second = text.charAt(at + 1);
    if (SPECIAL.test(first) || (first === '-' && (second === ' ' || second === '\n' || second === '' || (flow && ',[]{}'.includes(second))))) leave();
    let end = at;
    for (; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (character === '\n' || (character === '#' && text.charAt(at - 1) === ' ')) break;
      if (flow && (character === ',' || character === '[' || character === ']' || character === '{' || character === '}')) break;
      if (character === ':') {
        const after = text.charAt(at + 1);
        if (after === ' ' || after === '\n' || after === '') break;
        if (flow && ',[]{}'.includes(after)) leave();
      }
      if (character !== ' ') end = at + 1;
    }
    const source = text.slice(start, end);
    at = end;
    return scalar(start, end, key ? source : valueOf(source), source, 'plain');
  };
  const valueOf = (source: string): unknown => {
    if (!NOT_TEXT.test(source)) return source;
    if (source === 'true' || source === 'false') return source === 'true';
    if (source === 'null' || source === '~') return null;
    return NUMBER.test(source) ? Number(source) : leave();
  };

  /** Between two parts inside brackets; lines are indented further than the block around them. */
  const flowGap = (indent: number): void => {
    blanks();
    while (text.charAt(at) === '\n') {
      at += 1;
      lineStart = at;
      blanks();
      if (text.charAt(at) !== '\n' && column() <= indent) leave();
    }
    if (text.charAt(at) === '#') leave();
  };
  const flowValue = (indent: number, depth: number): Part => {
    const character = text.charAt(at);
    if (character === '[' || character === '{') return flow(indent, depth + 1);
    return character === '"' || character === "'" ? quoted() : plain(true, false);
  };
  const flow = (indent: number, depth: number): Part => {
    if (depth > DEEPEST) leave();
    const start = at;
    const map = text.charAt(at) === '{';
    const close = map ? '}' : ']';
    const items: Part[] = [];
    const entries: { readonly key: Part; readonly value: Part }[] = [];
    at += 1;
    flowGap(indent);
    while (text.charAt(at) !== close) {
      if (map) {
        const line = lineStart;
        const key = text.charAt(at) === '"' || text.charAt(at) === "'" ? quoted() : plain(true, true);
        if (text.charAt(at) !== ':' || text.charAt(at + 1) !== ' ' || line !== lineStart) leave();
        at += 1;
        flowGap(indent);
        entries.push({ key, value: flowValue(indent, depth) });
      } else items.push(flowValue(indent, depth));
      flowGap(indent);
      if (text.charAt(at) === close) break;
      if (text.charAt(at) !== ',') leave();
      at += 1;
      flowGap(indent);
      if (text.charAt(at) === close) leave();
    }
    at += 1;
    const marks = { start, end: at, anchor: undefined, tag: undefined, flow: true };
    return map ? { kind: 'map', ...marks, entries } : { kind: 'list', ...marks, items };
  };

  /** What stands after `key:` or `- `, up to the end of its last line. */
  const value = (indent: number, inList: boolean, depth: number): Part => {
    blanks();
    const character = text.charAt(at);
    if (character === '\n' || character === '' || character === '#') {
      endLine();
      const next = nextLine();
      // The items of a list may begin below the first letter of its key.
      if (next > indent || (next === indent && !inList && isItem())) return block(next, depth + 1);
      return leave();
    }
    if (inList && isItem()) return block(column(), depth + 1);
    let part: Part;
    if (character === '[' || character === '{') part = flow(indent, depth + 1);
    else {
      const from = at;
      part = character === '"' || character === "'" ? quoted() : plain(false, false);
      if (text.charAt(at) === ':') {
        if (!inList) leave();
        at = from;
        return block(column(), depth + 1);
      }
    }
    endLine();
    return part;
  };
  const isItem = (): boolean => text.charAt(at) === '-' && (text.charAt(at + 1) === ' ' || text.charAt(at + 1) === '\n');
  const block = (indent: number, depth: number): Part => {
    if (depth > DEEPEST) leave();
    const start = at;
    const list = isItem();
    const items: Part[] = [];
    const entries: { readonly key: Part; readonly value: Part }[] = [];
    let end = at;
    do {
      if (list !== isItem()) leave();
      if (list) {
        at += 1;
        items.push(value(indent, true, depth));
      } else {
        const key = text.charAt(at) === '"' || text.charAt(at) === "'" ? quoted() : plain(false, true);
        const after = text.charAt(at + 1);
        if (text.charAt(at) !== ':' || (after !== ' ' && after !== '\n' && after !== '')) leave();
        at += 1;
        entries.push({ key, value: value(indent, false, depth) });
      }
      end = lastEnd(items.at(-1) ?? entries.at(-1)?.value, at);
    } while (nextLine() === indent && (!isItem() || list));
    // A line that fits no block around it is a mistake, or goes on with a text.
    if (column() > indent && at < text.length) leave();
    const marks = { start, end, anchor: undefined, tag: undefined, flow: false };
    return list ? { kind: 'list', ...marks, items } : { kind: 'map', ...marks, entries };
  };
  /** A block ends with its last line. */
  const lastEnd = (part: Part | undefined, here: number): number => (part !== undefined && part.kind !== 'scalar' && part.kind !== 'alias' && !part.flow ? part.end : here);

  return {
    file() {
      const indent = nextLine();
      if (indent !== 0 || text.charAt(at) === '[' || text.charAt(at) === '{') return undefined;
      const root = block(0, 1);
      return at >= text.length ? root : undefined;
    },
  };
}
