import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../plugin.js';
import { changeConfig, readConfig } from './file.js';
import { keysOf, valueAt } from './pointer.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'realops-file-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function changed(name: string, text: string, at: string, value: Json): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await changeConfig(path, at, value, (found) => String(found) === String(value) || JSON.stringify(found) === JSON.stringify(value));
  return readFile(path, 'utf8');
}

describe('a value in a file', () => {
  it.each([
    ['a.yaml', '# top\nvad:   # voice\n  eos_ms: 700   # end of speech\n  list: [1, 2]\n\n', '/vad/eos_ms', 800, '# top\nvad:   # voice\n  eos_ms: 800   # end of speech\n  list: [1, 2]\n\n'],
    ['b.yml', 'a: "700" # text\r\nb: {c: [1,  {d: off}]}\r\n', '/a', 800, 'a: "800" # text\r\nb: {c: [1,  {d: off}]}\r\n'],
    ['c.yaml', "b: {c: [1,  {d: 'it''s'}]}\n", '/b/c/1/d', "don't", "b: {c: [1,  {d: 'don''t'}]}\n"],
    ['d.yaml', 'base: &b 5\nuse: *b\n', '/use', 6, 'base: &b 5\nuse: 6\n'],
    ['e.yaml', 'model: small\n', 'model', 'large-v2', 'model: large-v2\n'],
    ['f.yaml', 'model: small\n', 'model', 'true', 'model: "true"\n'],
    ['g.json', '{\n\t"a": { "b~/": [10, 7.50, "x\\"]"] },  "a2": 1\n}\n', '/a/b~0~1/1', 8, '{\n\t"a": { "b~/": [10, 8, "x\\"]"] },  "a2": 1\n}\n'],
    ['h.json', '\ufeff{"eos":700,"eos":750 }', 'eos', 800, '\ufeff{"eos":700,"eos":800 }'],
    ['i.json', '[{"on":true}]', '/0/on', false, '[{"on":false}]'],
    ['.env', '# eos\nexport EOS=700  # ms\nOTHER="a b"\n', 'EOS', 800, '# eos\nexport EOS=800  # ms\nOTHER="a b"\n'],
    ['j.conf', 'eos = 700\r\neos = 750\r\n', 'eos', 800, 'eos = 700\r\neos = 800\r\n'],
    ['k.env', "A='x y'\nB=\"q\"\n", 'B', 'a "b" $c', "A='x y'\nB=\"a \\\"b\\\" \\$c\"\n"],
  ])('is replaced in %s with every other byte kept', async (name, text, at, value, expected) => {
    expect(await changed(name, text, at, value)).toBe(expected);
    const keys = keysOf(at) ?? [];
    expect(String(valueAt((await readConfig(join(folder, name))).value, keys))).toBe(String(value));
  });

  it.each([['on', 'off'], ['OFF', 'ON'], ['True', 'False'], ['0', '1'], ['yes', 'no']])('keeps the words of a truth: %s becomes %s', async (old, expected) => {
    const value = ['off', '0'].includes(old.toLowerCase());
    const path = join(folder, 'truth.env');
    await writeFile(path, `A=${old}\n`);
    await changeConfig(path, 'A', value, () => true);
    expect(await readFile(path, 'utf8')).toBe(`A=${expected}\n`);
  });

  it.each([
    ['l.yaml', 'a: 1\n', '/b', /there is nothing at \/b/],
    ['m.yaml', 'a: |\n  long\n  text\n', '/a', /cannot be replaced where it stands/],
    ['n.yaml', 'a: &x {b: 1}\nc: *x\n', '/c/b', /would change more than it/],
    ['o.yaml', 'a:\n', '/a', /./],
    ['p.yaml', 'a: 1\na: 2\n', '/a', /cannot be read \(line 2\)/],
    ['q.json', '{"a":1, // comment\n}', '/a', /is not JSON/],
    ['r.ini', '[one]\na=1\n[two]\na=2\n', 'a', /has sections/],
    ['s.json', '{"a":1}', 'a + 1', /computes a value/],
  ])('in %s that cannot be replaced alone is refused, and the file stays', async (name, text, at, message) => {
    const path = join(folder, name);
    await writeFile(path, text);
    await expect(changeConfig(path, at, 5, (found) => found === 5)).rejects.toThrow(message);
    await expect(changeConfig(path, at, 5, (found) => found === 5)).rejects.toMatchObject({ code: 'REALOPS_KNOB_FILE' });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('keeps mode and link, and leaves nothing beside the file', async () => {
    const [path, link] = [join(folder, 'mode.json'), join(folder, 'link.json')];
    await writeFile(path, '{"a":1}');
    await chmod(path, 0o640);
    await symlink(path, link);
    await changeConfig(link, 'a', 2, (found) => found === 2);
    expect(await readFile(path, 'utf8')).toBe('{"a":2}');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await readConfig(link)).path).toBe(path);
  });

  it('is refused when the file is missing or not UTF-8', async () => {
    await expect(readConfig(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'REALOPS_KNOB_FILE' });
    await writeFile(join(folder, 'latin.env'), Buffer.from([0x41, 0x3d, 0xe5]));
    await expect(readConfig(join(folder, 'latin.env'))).rejects.toMatchObject({ code: 'REALOPS_KNOB_FILE' });
  });

  it('changed and changed back is the same file, byte for byte', async () => {
    const blanks = fc.constantFrom('', ' ', '\n', '\n  ', '\t');
    const value = fc.oneof(fc.integer(), fc.boolean(), fc.string({ maxLength: 8 }));
    await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }).filter((key) => key !== '__proto__'), { minLength: 1, maxLength: 5 }), value, fc.integer(), blanks, async (names, other, number, blank) => {
      const text = `{${names.map((name, index) => `${blank}${JSON.stringify(name)}${blank}:${blank}${index === names.length - 1 ? number : JSON.stringify([other, { [name]: other }])}${blank}`).join(',')}}`;
      const at = `/${(names.at(-1) ?? '').replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const path = join(folder, 'property.json');
      await writeFile(path, text);
      await changeConfig(path, at, number + 1, (found) => found === number + 1);
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ [names.at(-1) ?? '']: number + 1 });
      await changeConfig(path, at, number, (found) => found === number);
      expect(await readFile(path, 'utf8')).toBe(text);
    }), { numRuns: 60 });
  });
});
