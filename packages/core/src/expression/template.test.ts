import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../text/index.js';
import { compileTemplate, type Scope } from './index.js';

const json = fc.jsonValue({ maxDepth: 3 }).map((value): Json => JSON.parse(JSON.stringify(value)));

function template(value: Json) {
  const { template: made, problems } = compileTemplate(value);
  expect(problems).toEqual([]);
  return made;
}

const render = (value: Json, scope: Scope = {}): Promise<Json> => template(value).render(scope);

describe('compileTemplate', () => {
  it('keeps the type of a value that stands alone', async () => {
    await fc.assert(fc.asyncProperty(json, async (value) => {
      expect(await render('${{ x }}', { x: value })).toEqual(value);
      expect(await render(['${{ o.x }}'], { o: { x: value } })).toEqual([value]);
    }), { numRuns: 200 });
    await expect(render('${{x}}', { x: 0 })).resolves.toBe(0);
    await expect(render(' ${{x}}', { x: 0 })).resolves.toBe(' 0');
  });

  it('joins what stands inside a text', async () => {
    await expect(render('${{ a }}/${{ b }}?x=${{ c }}&n=${{ d }}', { a: 'http://h', b: 7, c: true, d: null })).resolves.toBe('http://h/7?x=true&n=null');
  });

  it('goes into lists and objects, but not into keys', async () => {
    await expect(render({ '${{ a }}': ['${{ a }}', { b: 'x${{ a }}', c: 1 }] }, { a: 1 })).resolves.toEqual({ '${{ a }}': [1, { b: 'x1', c: 1 }] });
    await expect(render(JSON.parse('{"__proto__": "${{ a }}"}'), { a: 1 })).resolves.toEqual(JSON.parse('{"__proto__": 1}'));
  });

  it('finds the end of an expression behind braces, texts, patterns and comments', async () => {
    await expect(render('${{ {"a": {"b": x}} }}', { x: 1 })).resolves.toEqual({ a: { b: 1 } });
    await expect(render('${{ "}}" & x }}!', { x: 1 })).resolves.toBe('}}1!');
    await expect(render('${{ "say \\"}}\\"" & x }}', { x: 1 })).resolves.toBe('say "}}"1');
    await expect(render('${{ $contains(x, /"\\}\\}/) }}', { x: 'a"}}' })).resolves.toBe(true);
    await expect(render('${{ /* }} */ x / 2 / 2 }}', { x: 4 })).resolves.toBe(1);
    await expect(render('${{ `a}}b` }}', { 'a}}b': 1 })).resolves.toBe(1);
  });

  it('leaves escaped braces and other texts as they are', async () => {
    await expect(render('$${{ x }}')).resolves.toBe('${{ x }}');
    await expect(render('a $${{ x }} ${{ y }} $${{', { y: 1 })).resolves.toBe('a ${{ x }} 1 ${{');
    await expect(render('${{ y }}$${{ x }}', { y: 1 })).resolves.toBe('1${{ x }}');
    await fc.assert(fc.asyncProperty(fc.string().filter((text) => !text.includes('${{')), async (text) => void expect(await render(text)).toBe(text)), { numRuns: 100 });
  });

  it('gives a constant value once and for ever', async () => {
    const made = template({ a: [1, '$${{ x }}'], b: { c: 'x' } });
    const constant = template({ a: [1], b: { c: 'x' } });
    expect(constant.constant).toBe(true);
    expect(await constant.render({})).toBe(await constant.render({}));
    expect(Object.isFrozen(await constant.render({}))).toBe(true);
    expect(made.constant).toBe(true);
    expect(await made.render({})).toEqual({ a: [1, '${{ x }}'], b: { c: 'x' } });
    expect(await made.render({})).toBe(await made.render({}));
    expect(template('${{ x }}').constant).toBe(false);
  });

  it('lists what it reads', () => {
    expect(template({ a: '${{ env.X }}', b: ['${{ row.text & steps.a.b }}'] }).reads).toEqual(['env.X', 'row.text', 'steps.a.b']);
  });

  it('names an expression without a value, its place and the way out', async () => {
    const locate = (path: readonly (string | number)[], offset: number, length: number) => ({ file: path.join('.'), line: 1, column: offset + 1, endColumn: offset + 1 + length });
    const made = compileTemplate({ url: 'http://${{ env.HOST }}/' }, { locate }).template;
    await expect(made.render({ env: {} })).rejects.toMatchObject({
      code: 'REALOPS_TEMPLATE_EMPTY', message: '${{ env.HOST }} gave no value', hint: "it reads something that is not there; give a default: ${{ env.HOST ?? 'value' }}", source: { file: 'url', line: 1, column: 12, endColumn: 20 },
    });
    await expect(render("${{ env.HOST ?? 'value' }}", { env: {} })).resolves.toBe('value');
  });

  it('refuses lists and objects inside a text', async () => {
    await expect(render('x${{ a }}', { a: [1] })).rejects.toMatchObject({ code: 'REALOPS_VALUE_INVALID', message: '${{ a }} gave a list inside a text' });
    await expect(render('x${{ $string(a) }}', { a: [1] })).resolves.toBe('x[1]');
  });

  it.each([
    ['a ${{ b', 'a ${{ is not closed: "a ${{ b"', 3, 6],
    ['${{ "a }}', 'a ${{ is not closed: "${{ \\"a }}"', 1, 4],
    ['${{}}', 'a ${{ }} is empty', 1, 6],
    ['x ${{ a == b }}', '"==" is not JSONata', 9, 11],
    ['x ${{ txt }}', 'there is no "txt" here', 7, 10],
  ])('%s: %s', (text, message, column, endColumn) => {
    const locate = (_: readonly (string | number)[], offset: number, length: number) => ({ file: 'f', line: 1, column: offset + 1, endColumn: offset + 1 + length });
    const { problems } = compileTemplate([text], { locate, shape: { kind: 'keys', keys: { text: { kind: 'open' }, a: { kind: 'open' }, b: { kind: 'open' } } } });
    expect(problems).toEqual([expect.objectContaining({ message, source: { file: 'f', line: 1, column, endColumn } })]);
  });

  it('tells every problem of a value at once', () => {
    expect(compileTemplate({ a: '${{ }} ${{ b ==', c: ['${{ $x }}'] }).problems).toHaveLength(3);
  });

  it('does not touch what it was given', () => {
    const value = { a: { b: 'x' } };
    compileTemplate(value);
    expect(Object.isFrozen(value)).toBe(false);
  });
});
