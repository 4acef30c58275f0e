import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseYaml } from './index.js';

const told = (text: string) => parseYaml('s.yaml', text).problems.map(({ message, source, hint }) => `${source?.line}:${source?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`);

/** The text that a range covers, or what follows its start when it ends on another line. */
function covered(text: string, range: { readonly line: number; readonly column: number; readonly endColumn?: number }): string {
  return (text.split(/\r\n|\r|\n/)[range.line - 1] ?? '').slice(range.column - 1, range.endColumn === undefined ? undefined : range.endColumn - 1);
}

describe('parseYaml', () => {
  it('reads YAML 1.2 as JSON', () => {
    const { value, problems } = parseYaml('s.yaml', '%YAML 1.2\n---\na: [1, 0x1F, 1.5, no, yes, 12:30, 0777, null, ~, true, "x", 1e3]\nb: |\n  one\n  two\nc: >-\n  one\n  two\n2: x\ntrue: y\n__proto__: {a: 1}\n');
    expect(problems).toEqual([]);
    expect(JSON.stringify(value)).toBe('{"2":"x","a":[1,31,1.5,"no","yes","12:30",777,null,null,true,"x",1000],"b":"one\\ntwo\\n","c":"one two","true":"y","__proto__":{"a":1}}');
    expect(parseYaml('s.yaml', '').value).toBeNull();
    expect(parseYaml('s.yaml', '# nothing\n').value).toBeNull();
    expect(parseYaml('s.yaml', '\ufeffa: 1\r\nb: 2\r\n')).toMatchObject({ value: { a: 1, b: 2 }, problems: [] });
  });

  it('repeats what an alias names', () => {
    const document = parseYaml('s.yaml', 'a: &x\n  b: [1]\nc: *x\nd: &t text\ne: *t\n');
    expect(document.value).toEqual({ a: { b: [1] }, c: { b: [1] }, d: 'text', e: 'text' });
    expect(document.at(['c'])).toMatchObject({ line: 3, column: 4 });
    expect(document.at(['c', 'b', 0])).toMatchObject({ line: 2, column: 7, endColumn: 8 });
  });

  it.each([
    ['a: 1\n\tb: 2\n', ['2:1 a tab stands where spaces are needed (indent with spaces)']],
    ['a: "x\nb: 2\n', ['1:4 the " that begins here is not closed (put a " at the end of the text)']],
    ["a: 'x\n", ["1:4 the ' that begins here is not closed (put a ' at the end of the text)"]],
    ['a: [1, 2\nb: 3', ['1:4 the [ that begins here is not closed (put a ] at its end; lines inside are indented further than the key)']],
    ['[? \n', ['1:1 the [ that begins here is not closed (put a ] at its end; lines inside are indented further than the key)']],
    ['a: {b: 1', ['1:4 the { that begins here is not closed (put a } at its end; lines inside are indented further than the key)']],
    ['a: b: c', ['1:4 a text without quotes may not hold a colon and a space (put the text into quotes, or begin a new line)']],
    ['a: 1\n  b: 2', ['2:3 the indentation does not fit the lines above (entries of one list or map begin in the same column)']],
    ['a:\n  - 1\n - 2', ['3:2 the item is not indented like the ones above it (the dashes of one list stand in the same column)']],
    ['a: - b', ['1:4 a list item may not stand on the line of its key (put "- …" on a line of its own, or write [ … ])']],
    ['a: @x', ['1:4 a text without quotes may not begin with @ (put the text into quotes)']],
    ['a: *x', ['1:4 the alias *x repeats something that does not stand above it (a text that begins with * stands in quotes)']],
    ['a: &x [*x]', ['1:8 the alias *x stands inside its own anchor (an alias repeats something that ends before it)']],
    ['%YAML 1.1\n---\na: no', ['1:1 the file asks for YAML 1.1, which reads no, 12:30 and 0777 differently (leave out the %YAML line, or write 1.2)']],
    ['a: 1\n---\nb: 2', ['2:1 the file holds 2 documents; one is expected (leave out the --- line, or use include)']],
    ['a: !foo x', ['1:4 the tag !foo is not allowed (leave it out; a text that begins with ! stands in quotes)']],
    ['a: !!binary aGk=', ['1:13 the tag !!binary is not allowed (leave it out)']],
    ['? [a]\n: 1', ['1:3 a key must be a text (write key: value, with a text as the key)']],
    ['a: 1\nb: 2\na: 3', ['3:1 the key "a" stands twice in the same map (leave out one of them)']],
    ['b: &x {a: 1}\nc:\n  <<: *x\n', ['3:3 merge keys (<<) are not part of YAML 1.2 (write the values out, or put the whole value under vars and read it as ${{ vars.NAME }})']],
    ['id: 12345678901234567890', ['1:5 the number 12345678901234567890 is too large to be kept exactly (put it into quotes: "12345678901234567890")']],
    ['a: .inf', ['1:4 .inf is not a number that JSON knows (write a finite number, or put the text into quotes)']],
    ['a: {b:1}', ['1:5 "b:1" is read as a key without a value (put a space behind the colon: b: 1)']],
    ['a: "\\q"', ['1:5 a double-quoted text holds an escape that YAML does not know (write the backslash twice, or use single quotes)']],
    ['a: {b: ${{ x }}}', ['1:8 a template needs quotes here (write \'${{ … }}\': YAML reads braces and colons itself)']],
    ['a: 1\nb\nc: 2', ['2:1 a colon is missing (write key: value, or "- " before an item of a list)']],
    [': x', ['1:1 a key is missing before the colon (write key: value)']],
    ['a: b\u0001', ['1:5 the file holds a character that cannot be read (U+0001) (save the file as UTF-8 text)']],
    ['a: Sm\ufffdr', ['1:6 the file holds a character that cannot be read (U+FFFD) (save the file as UTF-8 text)']],
    ['a: "b" c', ['1:8 this stands behind the end of a value (look for a quote or bracket that ends too early, or lines that are indented differently)']],
    ['a: 1\na: 2\nb: *y\n', ['2:1 the key "a" stands twice in the same map (leave out one of them)', '3:4 the alias *y repeats something that does not stand above it (a text that begins with * stands in quotes)']],
  ])('%j', (text, problems) => {
    expect(told(text)).toEqual(problems);
    expect(parseYaml('s.yaml', text).value).toBeUndefined();
  });

  it('keeps within its limits', () => {
    expect(told(`a: ${'x'.repeat(1024 * 1024)}`)[0]).toContain('at most 1048576 are read');
    expect(parseYaml('s', 'a: 123', { maxBytes: 5 }).problems).toHaveLength(1);
    expect(told(`${'['.repeat(70)}${']'.repeat(70)}`)).toEqual(['1:65 the file is nested deeper than 64 levels (keep deep values as JSON in a data file)']);
    expect(told('['.repeat(200_000))).toEqual(['1:1 the file is nested deeper than 64 levels (keep deep values as JSON in a data file)']);
    expect(told(`a: &x 1\nb: [${Array.from({ length: 51 }, () => '*x').join(', ')}]`)[0]).toContain('more than 50 aliases');
    const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 4 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 10 }, () => `*a${n}`).join(', ')}]`)].join('\n');
    expect(told(laughs)[0]).toContain('aliases make the file larger than 100000 parts');
  });

  it('checks many keys in one map in linear time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: ${index}`).join('\n');
    expect(parseYaml('s.yaml', text).problems).toEqual([]);
    expect(told(`${text}\nk7: x`)).toEqual(['20001:1 the key "k7" stands twice in the same map (leave out one of them)']);
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom('a', ':', ' ', '\n', '- ', '[', ']', '{', '}', '"', "'", '|', '>', '&x ', '*x', '!t ', '#', '%', '? ', '\t', ',', '---\n', '<<', '\\', '1');
    fc.assert(fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join('');
      const { value, problems } = parseYaml('s.yaml', text);
      expect(value === undefined).toBe(problems.length > 0);
      for (const { source, message } of problems) {
        expect(source?.line).toBeLessThanOrEqual(text.split('\n').length);
        expect(message).not.toContain('\n');
      }
    }), { numRuns: 2_000 });
  });
});

describe('places', () => {
  const text = 'suite: x\nscenarios:\n  - id: one\n    steps:\n      - use: http.request\n        with:\n          url: "a\\tb\\u00e5${{ x }}"\n          body: \'it\'\'s ${{ y }}\'\n          empty:\n          script: |\n            line 1\n              ${{ z }}\n          folded: >\n            one\n            two ${{ w }}\n\n            three\n          plain: one\n            two ${{ v }}\n          pair: "one \\\n            two  \n\n            three"\n';
  const document = parseYaml('s.yaml', text);
  const step = ['scenarios', 0, 'steps', 0] as const;

  it('are those of keys and values', () => {
    expect(document.problems).toEqual([]);
    expect(document.at(['suite'])).toEqual({ file: 's.yaml', line: 1, column: 8, endColumn: 9 });
    expect(document.at(['suite'], 'key')).toEqual({ file: 's.yaml', line: 1, column: 1, endColumn: 6 });
    expect(document.at([...step, 'use'])).toEqual({ file: 's.yaml', line: 5, column: 14, endColumn: 26 });
    expect(document.at(['scenarios'])).toEqual({ file: 's.yaml', line: 3, column: 3 });
    expect(covered(text, document.at([...step, 'with', 'empty']))).toBe('empty');
  });

  it('are those of the nearest part around what is not there', () => {
    expect(document.at([...step, 'use', 'deeper'])).toEqual(document.at([...step, 'use']));
    expect(document.at(['nothing', 3, 'x'])).toEqual({ file: 's.yaml', line: 1, column: 1 });
    expect(document.at([...step, 'nothing'], 'key')).toEqual(document.at(step));
    expect(document.at(['scenarios', 7])).toEqual(document.at(['scenarios']));
  });

  it.each(['url', 'body', 'script', 'folded', 'plain', 'pair'])('reach into %s', (name) => {
    const path = [...step, 'with', name];
    const value = name === 'pair' ? 'one two\nthree' : String(Object(Object(document.value)['scenarios'][0]['steps'][0]['with'])[name]);
    for (const word of name === 'pair' ? ['one', 'two', 'three'] : [/\$\{\{ \w \}\}/.exec(value)?.[0] ?? '?']) {
      expect(covered(text, document.within(path, value.indexOf(word), word.length))).toBe(word);
    }
  });

  it('counts a written indentation', () => {
    const source = 'a: |2\n    x\n  ${{ y }}\n';
    const block = parseYaml('s.yaml', source);
    expect(block.value).toEqual({ a: '  x\n${{ y }}\n' });
    expect(covered(source, block.within(['a'], 4, 8))).toBe('${{ y }}');
  });

  it('begin where every text begins, however it is written', () => {
    const leaf = fc.oneof(fc.string(), fc.stringMatching(/^[a-zåäö"'\\: #\n-]{0,24}$/), fc.integer(), fc.boolean());
    const style = fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED');
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.array(leaf, { minLength: 1, maxLength: 3 }), { minKeys: 1, maxKeys: 4 }), style, (data, type) => {
      const source = stringify(data, { defaultStringType: type, lineWidth: 40 });
      const made = parseYaml('s.yaml', source);
      fc.pre(made.value !== undefined);
      const value = parse(source);
      expect(made.value).toEqual(value);
      for (const [key, items] of Object.entries<unknown[]>(value)) {
        items.forEach((item, index) => {
          const { line, column } = made.at([key, index]);
          if (typeof item !== 'string') return expect(source.split('\n')[line - 1]?.slice(column - 1)).toMatch(new RegExp(`^${String(item)}`));
          const word = /[a-zåäö]{2,}/.exec(item);
          if (word === null) return;
          expect(covered(source, made.within([key, index], word.index, word[0].length))).toBe(word[0]);
        });
      }
    }), { numRuns: 300 });
  });
});
