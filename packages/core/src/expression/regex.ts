const LONGEST = 200;

interface Group {
  /** Whether something inside may match texts of several lengths. */
  varies: boolean;
  /** The first character of each alternative; undefined when it is not a plain character. */
  readonly firsts: (string | undefined)[];
  /** Whether the next character begins an alternative. */
  fresh: boolean;
}

/**
 * Why a regular expression could take exponential time, as the end of a sentence, or undefined when it cannot: a repeated group that itself repeats
 * (star height above 1) or has optional parts or whose alternatives may begin alike, or a reference back to a group. Linear in the pattern.
 */
export function unsafePart(source: string): string | undefined {
  if (source.length > LONGEST) return `is longer than ${LONGEST} characters`;
  const groups: Group[] = [newGroup()];
  for (let index = 0; index < source.length; index += 1) {
    const character = source.charAt(index);
    const inner = groups.at(-1);
    if (inner === undefined) return undefined;
    if (character === '|') {
      inner.fresh = true;
      continue;
    }
    if (character === ')') {
      const closed = groups.pop();
      const repeated = isRepetition(source, index + 1);
      if (repeated && closed?.varies === true) return 'repeats a group that itself repeats or has optional parts';
      if (repeated && closed !== undefined && isAmbiguous(closed)) return 'repeats a group whose alternatives may begin alike';
      const outer = groups.at(-1);
      if (outer !== undefined && (repeated || closed?.varies === true)) outer.varies = true;
      continue;
    }
    if (inner.fresh) {
      inner.firsts.push(/[\p{L}\p{N} ,:;"'#%&@~_=<>!-]/u.test(character) ? character.toLowerCase() : undefined);
      inner.fresh = false;
    }
    if (character === '\\') {
      if (/[1-9k]/.test(source.charAt(index + 1))) return 'refers back to a group';
      index += 1;
    } else if (character === '[') {
      index = endOfClass(source, index);
    } else if (character === '(') {
      groups.push(newGroup());
      if (source.charAt(index + 1) === '?') index = endOfGroupSign(source, index + 1);
    } else if (/^(?:[*+?]|\{\d*,\d*\})/.test(source.slice(index, index + 12))) {
      inner.varies = true;
    }
  }
  return undefined;
}

function newGroup(): Group {
  return { varies: false, firsts: [], fresh: true };
}

/** Whether what stands before is repeated: `*`, `+`, `{n,}`, or a count that can be more than nine. */
function isRepetition(source: string, index: number): boolean {
  return /^(?:[*+]|\{\d+,\}|\{\d*,?\d{2,}\})/.test(source.slice(index, index + 12));
}

function isAmbiguous({ firsts }: Group): boolean {
  return firsts.length > 1 && (firsts.includes(undefined) || new Set(firsts).size < firsts.length);
}

/** The last character of `?:`, `?=`, `?!`, `?<=`, `?<!` or `?<name>`. */
function endOfGroupSign(source: string, start: number): number {
  if (source.charAt(start + 1) !== '<') return start + 1;
  if (/[=!]/.test(source.charAt(start + 2))) return start + 2;
  const end = source.indexOf('>', start);
  return end < 0 ? source.length : end;
}

function endOfClass(source: string, start: number): number {
  for (let index = start + 1; index < source.length; index += 1) {
    if (source.charAt(index) === '\\') index += 1;
    else if (source.charAt(index) === ']') return index;
  }
  return source.length;
}
