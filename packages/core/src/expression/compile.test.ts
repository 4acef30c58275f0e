import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression, type Shape } from './index.js';

const OPEN: Shape = { kind: 'open' };
const keys = (names: { readonly [name: string]: Shape }): Shape => ({ kind: 'keys', keys: names });
const SHAPE = keys({
  text: OPEN, count: OPEN, env: OPEN,
  words: { kind: 'list', items: keys({ word: OPEN, start: OPEN }) },
  steps: keys({ asr: keys({ transcript: OPEN, confidence: OPEN }) }),
  slos: keys({ 'wer-noisy': keys({ verdict: OPEN }) }),
});

const locate = (offset: number, length: number) => ({ file: 'suite.yaml', line: 1, column: offset + 1, endColumn: offset + 1 + length });

function problemsOf(text: string, shape?: Shape) {
  return compileExpression(text, { locate, ...(shape === undefined ? {} : { shape }) }).problems.map(({ code, message, hint, source }) => {
    const start = (source?.column ?? 1) - 1;
    return { code: code.replace('REALOPS_EXPRESSION_', ''), message, hint, at: text.slice(start, start + (source?.endColumn ?? 0) - (source?.column ?? 0)) };
  });
}

function compiled(text: string) {
  const { expression, problems } = compileExpression(text, { locate });
  if (expression === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return expression;
}

describe('syntax', () => {
  it.each([
    ['route == "micro"', '==', 'write = for "equal"'],
    ['route === 1', '===', 'write = for "equal"'],
    ['route !== 1', '!==', 'write != for "not equal"'],
    ['a && b', '&&', 'write and'],
    ['a || b', '||', 'write or'],
    ['!a', '!', 'write $not(…)'],
    ['a and !b', '!', 'write $not(…)'],
    ['p95 > 2000ms', '2000ms', 'write 2000; durations are in ms (units belong into objective)'],
    ['p95 > 1.5s', '1.5s', 'write 1500; durations are in ms (units belong into objective)'],
    ['wer > 11%', '11%', 'write 0.11; a share is a number from 0 to 1 (% belongs into objective)'],
    ['wer > 11% and x', '11%', 'write 0.11; a share is a number from 0 to 1 (% belongs into objective)'],
    ['a => b', '=>', 'write >= to compare'],
  ])('%s is told at %s: %s', (text, at, hint) => {
    expect(problemsOf(text)).toEqual([expect.objectContaining({ code: 'SYNTAX', at, hint })]);
  });

  it.each([
    ['(a', 'the expression breaks off: ")" is missing', 'a'],
    ['a = ', 'the expression breaks off: something is missing after its end', '='],
    ['x = "open', 'a text is not closed', '"'],
    ['x = `open', 'a name in backticks is not closed', '`'],
    ['', 'the expression is empty', ''],
    ['a b', '"b" is not expected here', 'b'],
    ['{"a" 1}', '":" is missing before "1"', '1'],
    ['a := 3', 'only a variable can be given a value', 'a'],
    ['/abc', 'a pattern is not closed', 'c'],
    ['a[1', 'the expression breaks off: "]" is missing', '1'],
  ])('%s: %s', (text, message, at) => {
    expect(problemsOf(text)).toEqual([expect.objectContaining({ code: 'SYNTAX', message, at })]);
  });

  it('does not look for foreign spellings inside texts', () => {
    expect(problemsOf('a = "x == 2000ms" b')[0]?.message).toBe('"b" is not expected here');
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom('a', '.', '(', ')', '[', ']', '{', '}', '$', '"', "'", '/', '*', '%', '~>', '=', '!', '|', '1', ' ', '?', ':', '@', '#', '^', '`', '\\', 'and', 'function', 'é');
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => void compileExpression(pieces.join(''), { shape: SHAPE })), { numRuns: 500 });
  });
});

describe('names', () => {
  it.each([
    ['txt = "x"', 'txt', 'there is no "txt" here'],
    ['txt != "x"', 'txt', 'there is no "txt" here'],
    ['steps.asr.transcrpt', 'transcrpt', '"transcrpt" is not in steps.asr'],
    ['steps.tts.text', 'tts', '"tts" is not in steps'],
    ['words[wrd = "hej"].start', 'wrd', '"wrd" is not in words'],
    ['words.word[$ = txt]', 'txt', undefined],
    ['$map(words, function($w) { $w.wrod })', 'wrod', '"wrod" is not in words'],
    ['words ~> $filter(function($w) { $w.wrod = 1 })', 'wrod', '"wrod" is not in words'],
    ['$sort(words, function($a, $b) { $a.start > $b.strat })', 'strat', '"strat" is not in words'],
    ['$filter(words, function($w) { true }).wrd', 'wrd', '"wrd" is not in words'],
    ['words^(>strat).word', 'strat', '"strat" is not in words'],
    ['words{word: strat}', 'strat', '"strat" is not in words'],
    ['$lowercase(txt) ~> $contains("x")', 'txt', 'there is no "txt" here'],
    ['words.($$.txt)', 'txt', 'there is no "txt" here'],
    ['($x := steps.asr; $x.txt)', 'txt', '"txt" is not in steps.asr'],
    ['words@$w.($w.wrd)', 'wrd', '"wrd" is not in words'],
    ['`txt` = 1', 'txt', 'there is no "txt" here'],
    ['{"a": text}.b', 'b', '"b" is not in what is read here'],
    ['txt ?? "x"', 'txt', 'there is no "txt" here'],
    ['$exists(txt)', 'txt', 'there is no "txt" here'],
  ])('%s → %s', (text, at, message) => {
    const problems = problemsOf(text, SHAPE);
    if (message === undefined) return expect(problems).toEqual([]);
    expect(problems).toEqual([expect.objectContaining({ code: 'UNKNOWN_NAME', at, message })]);
  });

  it.each([
    'text', 'env.ANY.thing', 'words[0].word', 'words[word = $$.text]', '$count(words)', 'words#$i.{"n": $i, "w": word}', '($f := function($n) { $n = 0 ? 1 : $f($n - 1) }; $f(count))', 'words.$uppercase(word)',
    '$reduce(words, function($sum, $w) { $sum + $w.start }, 0)', 'steps.*.transcript', 'words.(word & "x")', '$.text', '$$.steps.asr', 'text ~> /a/', '$split(text, " ")[0]', 'words.word.%.start', 'text in ["a", "b"]',
    '$sum(words.start) / $count(words)', 'count > 1 ? text : env.X', '$each(steps, function($v, $k) { $k })',
  ])('%s is sound', (text) => {
    expect(problemsOf(text, SHAPE)).toEqual([]);
  });

  it('names what there is, with a suggestion', () => {
    expect(problemsOf('steps.asr.transcrpt', SHAPE)[0]?.hint).toBe('did you mean "transcript"? It has: transcript, confidence');
    const [problem] = compileExpression('transcrpt != ""', { shape: keys({ transcript: OPEN }), roots: 'the output of voice.transcribe' }).problems;
    expect(problem?.message).toBe('"transcrpt" is not in the output of voice.transcribe');
  });

  it('tells a hyphen from a minus', () => {
    expect(problemsOf("slos.wer-noisy.verdict = 'fail'", SHAPE)[0]).toMatchObject({ at: 'wer', hint: 'a hyphen is read as minus; write `wer-noisy` in backticks' });
    expect(problemsOf("slos.`wer-noisy`.verdict = 'fail'", SHAPE)).toEqual([]);
  });

  it.each([
    ['$lenght(text)', '$lenght', 'did you mean $length?'],
    ['length(text)', 'length', 'write $length(…)'],
    ['$startsWith(text, "a")', '$startsWith', 'write $contains(text, /^start/)'],
    ['($word := text; $wrod)', '$wrod', 'did you mean $word?'],
  ])('%s: %s', (text, at, hint) => {
    expect(problemsOf(text, SHAPE)).toEqual([expect.objectContaining({ code: 'UNKNOWN_NAME', at, hint })]);
  });

  it('lists what is read from the root', () => {
    expect(compiled('steps.asr.text = row.text and metrics.voice.truncated.rate > 0.1').reads).toEqual(['steps.asr.text', 'row.text', 'metrics.voice.truncated.rate']);
    expect(compiled('words[start > $$.limit].word').reads).toEqual(['words.start', 'limit', 'words.word']);
    expect(compiled('$map(words, function($w) { $w.word & $$.text })').reads).toEqual(['words', 'words.word', 'text']);
    expect(compiled('$lowercase(text) ~> $contains("x")').reads).toEqual(['text']);
    expect(compiled('metrics.*').reads).toEqual(['metrics']);
    expect(compiled('1 + 1').reads).toEqual([]);
  });
});

describe('what is not allowed', () => {
  it.each([
    ['$eval("1")', '$eval'],
    ['$map(["1"], $eval)', '$eval'],
    ['**.text', '**'],
    ['$ ~> |a|{"b": 1}|', undefined],
    ['$pad(text, 500000000)', '$pad'],
    ['$pad(text, count)', '$pad'],
    ['text ~> $pad(500000000)', '$pad'],
    ['$map(words, $pad)', '$pad'],
    ['$match(text, /(a+)+$/)', '/(a+)+$/'],
    ['$match(text, /(a|ab?)*x/)', '/(a|ab?)*x/'],
    ['$match(text, /(.)\\1/)', '/(.)\\1/'],
    ['$contains(text, /(?:x?y?)+z/i)', '/(?:x?y?)+z/i'],
  ])('%s', (text, at) => {
    expect(problemsOf(text)).toEqual([expect.objectContaining({ code: 'FORBIDDEN', ...(at === undefined ? {} : { at }) })]);
  });

  it.each(['$pad(text, -20)', 'text ~> $pad(20)', '$match(text, /^[a-zåäö ]+[.!?]$/i)', '$contains(text, /(ja|nej)+/)', '$replace(text, /(\\d{2}):(\\d{2})/, "$1.$2")', '$contains(text, /\\b(?:nu|sen)\\b/)', '$split(text, /,\\s*/)'])('%s is allowed', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('bounds the size of the text and of the tree', () => {
    expect(problemsOf(`"${'å'.repeat(2_100)}"`)[0]?.code).toBe('FORBIDDEN');
    expect(problemsOf(`[${Array.from({ length: 1_100 }, () => '1').join(',')}]`)[0]?.message).toContain('at most 1000');
  });
});

describe('evaluation', () => {
  const scope = { text: 'Hej', count: 3, nothing: null, list: [{ a: 1 }, { a: 2 }], one: [7], o: { p: { q: true } }, s: 'x' };

  it.each([
    ['count + 1', 4], ['list.a', [1, 2]], ['list[a=2].a', 2], ['one', [7]], ['o.p', { q: true }], ['nothing', null], ['missing', undefined], ['o.p.q.r', undefined], ['o.constructor', undefined], ['text.length', undefined],
    ['text & "!"', 'Hej!'], ['list{"k": $sum(a)}', { k: 3 }], ['$duration("1.5s")', 1_500], ["$parseJson('{\"a\":[1]}').a", [1]], ['$parseJson("no")', undefined], ['$percentile([1..100], 95)', 95], ['missing ?? "d"', 'd'],
  ])('%s → %j', async (text, value) => {
    await expect(compiled(text).evaluate(scope)).resolves.toEqual(value);
  });

  it.each([
    ['nothing > 1', '`nothing > 1` (at character 9): ">" compares numbers or texts, but the left side is null'],
    ['1 > list', '`1 > list` (at character 3): ">" compares numbers or texts, but the right side is a list: [{"a":1},{"a":2}]'],
    ['text > 1', '`text > 1` (at character 6): ">" compares like with like, but the left side is the text "Hej" and the right side the number 1'],
    ['text + 1', '`text + 1` (at character 6): "+" needs numbers, but the left side is the text "Hej"'],
    ['1 + $uppercase(count)', '`1 + $uppercase(count)` (at character 5): argument 1 of $uppercase has the wrong type: it is the number 3'],
    ['count / 0', '`count / 0`: it gave a number without bound; was something divided by 0?'],
    ['$uppercase', '`$uppercase`: it gave a function, not a value'],
    ['[function($x){$x}]', '`[function($x){$x}]`: it gave a function, not a value'],
    ['[1..20000]', '`[1..20000]` (at character 3): it makes a list of more than 10000 items'],
    ['($f := function($n){$f($n+1)+1}; $f(1))', '`($f := function($n){$f($n+1)+1}; $f(1))` (at character 21): it is nested more than 100 levels deep, or calls itself without end'],
    ['$duration("soon")', '`$duration("soon")` (at character 1): "soon" is not a duration'],
    ['$error("broken")', '`$error("broken")` (at character 1): says: broken'],
  ])('%s fails: %s', async (text, message) => {
    await expect(compiled(text).evaluate(scope)).rejects.toMatchObject({ code: 'REALOPS_EXPRESSION_FAILED', message });
  });

  it('ends what runs too long', async () => {
    await expect(compiled('($f := function($n){$f($n+1)}; $f(1))').evaluate({})).rejects.toThrow('it took longer than 250 ms');
  });

  it('tests only exactly true or false', async () => {
    await expect(compiled('count = 3').test(scope)).resolves.toBe(true);
    await expect(compiled('missing != 3').test(scope)).resolves.toBe(false);
    await expect(compiled('missing > 3').test(scope)).rejects.toMatchObject({ code: 'REALOPS_EXPRESSION_NOT_BOOLEAN', message: '`missing > 3` gave no value: something that it reads is not there' });
    await expect(compiled('count').test(scope)).rejects.toThrow('`count` gave 3, not true or false');
  });

  it('calls functions of plugins with plain JSON', async () => {
    const { expression } = compileExpression('$width(list.a, missing)', { functions: { width: (...values) => [...values] } });
    await expect(expression?.evaluate(scope)).resolves.toEqual([[1, 2], null]);
  });

  it('is safe to evaluate concurrently', async () => {
    const expression = compiled('list[a = $$.count].a');
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => expression.evaluate({ count: (index % 2) + 1, list: [{ a: 1 }, { a: 2 }] })));
    expect(results).toEqual(Array.from({ length: 50 }, (_, index) => (index % 2) + 1));
  });

  it('reads bare paths exactly as JSONata does', async () => {
    const name = fc.constantFrom('a', 'b', 'length', 'constructor', '__proto__', 'toString');
    const leaf = fc.oneof(fc.constant(null), fc.integer(), fc.string(), fc.boolean());
    const { value } = fc.letrec((tie) => ({ value: fc.oneof({ maxDepth: 3 }, leaf, fc.dictionary(name, tie('value'), { maxKeys: 3 }), fc.array(tie('value'), { maxLength: 3 })) }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 4 }), fc.array(name, { minLength: 1, maxLength: 4 }), async (data, path) => {
        const text = path.map((each) => `\`${each}\``).join('.');
        const plain: { [key: string]: never } = JSON.parse(JSON.stringify(data));
        // In parentheses the same path goes through the library.
        expect(await compiled(text).evaluate(plain)).toEqual(await compiled(`(${text})`).evaluate(plain));
      }),
      { numRuns: 300 },
    );
  });
});
