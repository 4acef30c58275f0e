import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../text/index.js';
import { createRedactor, redactError } from './index.js';

const SECRETS: readonly (readonly [string, string])[] = [
  ['TOKEN', 'tok-5f2a!9/x+y'],
  ['MAIL', 'imaps://ann%40home:p4ss/w@rd:x@mail.test:993/INBOX'],
  ['PIN', '4711932'],
  ['SHORT', 'xyz'],
  ['SWEDISH', 'lösen"ord\n2'],
];
const redactor = createRedactor(SECRETS);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Secrets that no other text holds by chance. */
const secret = fc.string({ unit: fc.oneof(fc.constantFrom(...'abcdefXYZ0189!"#%&/()=?+\\\'<>@:åäö€ \n'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), minLength: 8, maxLength: 24 }).filter((text) => text.trim().length >= 8 && Buffer.from(text).toString() === text && !/[[\]]/.test(text));

describe('createRedactor', () => {
  it.each([
    ['as it is', 'say tok-5f2a!9/x+y!', 'say [secret:TOKEN]!'],
    ['percent-encoded', `a=${encodeURIComponent('tok-5f2a!9/x+y')}`, 'a=[secret:TOKEN]'],
    ['percent-encoded with every sign', 'a=tok-5f2a%219%2Fx%2By', 'a=[secret:TOKEN]'],
    ['percent-encoded in lower case', 'a=tok-5f2a%219%2fx%2by', 'a=[secret:TOKEN]'],
    ['hex', Buffer.from('tok-5f2a!9/x+y').toString('hex'), '[secret:TOKEN]'],
    ['upper hex', Buffer.from('tok-5f2a!9/x+y').toString('hex').toUpperCase(), '[secret:TOKEN]'],
    ['JSON', JSON.stringify({ a: 'lösen"ord\n2' }), '{"a":"[secret:SWEDISH]"}'],
    ['JSON in JSON', JSON.stringify({ a: JSON.stringify('lösen"ord\n2') }), '{"a":"\\"[secret:SWEDISH]\\""}'],
    ['ASCII JSON', '{"a":"l\\u00f6sen\\"ord\\n2"}', '{"a":"[secret:SWEDISH]"}'],
    ['the password of a URL', 'login with p4ss/w@rd:x failed', 'login with [secret:MAIL] failed'],
    ['the URL', 'imaps://ann%40home:p4ss/w@rd:x@mail.test:993/INBOX', '[secret:MAIL]'],
    ['short, as a word', 'pin xyz, not xyzzy or axyz', 'pin [secret:SHORT], not xyzzy or axyz'],
  ])('%s', (_, text, expected) => {
    expect(redactor.text(text)).toBe(expected);
    expect(redactor.clean(text)).toBe(false);
  });

  it.each([
    ['Basic', `Basic ${base64('ann@home:p4ss/w@rd:x')}`],
    ['SASL', base64('\0ann@home\0p4ss/w@rd:x')],
    ['SASL with an identity', base64('id\0ann@home\0p4ss/w@rd:x')],
    ['three alignments', ['', 'a', 'ab'].map((before) => base64(`${before}p4ss/w@rd:x and more`)).join(' ')],
    ['base64url', Buffer.from('>>>p4ss/w@rd:x???').toString('base64url')],
  ])('leaves nothing of a password in %s', (_, text) => {
    const clean = redactor.text(text);
    expect(clean).toMatch(/\[secret:MAIL\]|\[redacted\]/);
    for (const word of clean.split(/[^\w+/=-]+/)) expect(Buffer.from(word, 'base64').toString('latin1')).not.toContain('p4ss');
  });

  it.each([
    ['http://u:a/b@h/x', 'http://[redacted]@h/x'],
    ['see https://user:pa@ss@host.test:8080/p?q=1.', 'see https://[redacted]@host.test:8080/p?q=1.'],
    ['https://TOKEN123@github.com/a', 'https://[redacted]@github.com/a'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['{"authorization":"Basic dTpw"}', '{"authorization":"Basic [redacted]"}'],
    ['{\\"Authorization\\":\\"token abcdef\\"}', '{\\"Authorization\\":\\"token [redacted]\\"}'],
    ['authorization=0123456789abcdef', 'authorization=[redacted]'],
    ['got Bearer eyJhbGciOiJIUzI1NiJ9', 'got Bearer [redacted]'],
    ['GET /a?api_key=12&x=1&token=abc', 'GET /a?api_key=[redacted]&x=1&token=[redacted]'],
    ['password=hunter2', 'password=[redacted]'],
    ['{"password":"hunter2","user":"a"}', '{"password":"[redacted]","user":"a"}'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end', 'jwt [redacted] end'],
    ['a -----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY----- b', 'a [redacted] b'],
  ])('%s → %s', (text, expected) => {
    expect(redactor.text(text)).toBe(expected);
    expect(redactor.text(expected)).toBe(expected);
    expect(redactor.clean(text)).toBe(false);
  });

  it.each([
    'http://127.0.0.1:8000/users/me@mail.test', 'https://host/path?email=a@b.se', 'git clone ssh://git@github.com/a', 'The authorization: required by law', 'Basic understanding of Bearer authentication', 'boka möte med anna klockan tio',
    'tokens=5 and llm.tokens: 12', 'ws://127.0.0.1:8000/ws/asr', '10:30 @anna', 'a secret meeting about the password', '{"token_count":7,"author":"x"}',
  ])('leaves %s as it is', (text) => {
    expect(redactor.text(text)).toBe(text);
  });

  it('goes through JSON, keys and numbers too', () => {
    const value = { a: ['x tok-5f2a!9/x+y'], 'tok-5f2a!9/x+y': 1, headers: { Authorization: 'abc', cookie: 'a=b', 'x-other': 'abc' }, pin: 4_711_932, n: 4711, none: '' };
    expect(redactor.json<Json>(value)).toEqual({ a: ['x [secret:TOKEN]'], '[secret:TOKEN]': 1, headers: { Authorization: '[redacted]', cookie: '[redacted]', 'x-other': 'abc' }, pin: '[secret:PIN]', n: 4711, none: '' });
    const proto: Json = JSON.parse('{"__proto__": {"a": "tok-5f2a!9/x+y"}}');
    expect(JSON.stringify(redactor.json(proto))).toBe('{"__proto__":{"a":"[secret:TOKEN]"}}');
  });

  it('gives the same reference when nothing had to be replaced', () => {
    const value: Json = { a: [1, { b: 'text' }], c: null };
    expect(redactor.json(value)).toBe(value);
  });

  it('keeps its own marks, whatever a secret is called or spelt like', () => {
    const odd = createRedactor([['A', 'secret'], ['secret', 'redacted'], ['B', ':A]']]);
    const once = odd.text('a secret and redacted :A] b');
    expect(once).toBe('a [secret:A] and [secret:secret] [secret:B] b');
    expect(odd.text(once)).toBe(once);
  });

  it('leaves no form of any secret, twice gives the same, and clean agrees', () => {
    fc.assert(fc.property(secret, fc.nat(2), fc.constantFrom('å ', '"', '&x=', 'Z'), (value, shift, before) => {
      const own = createRedactor([['S', value]]);
      const url = createRedactor([['S', `https://user:${encodeURIComponent(value)}@host.test/`]]);
      const padded = Buffer.from(`${'ab'.slice(0, shift)}${value}tail`);
      const forms = [
        value, encodeURIComponent(value), encodeURIComponent(value).replaceAll('%20', '+'), new URLSearchParams({ a: value }).toString().slice(2), JSON.stringify(value).slice(1, -1), JSON.stringify(JSON.stringify(value)).slice(3, -3),
        Buffer.from(value).toString('hex'), Buffer.from(value).toString('hex').toUpperCase(), padded.toString('base64'), padded.toString('base64url'),
      ];
      for (const form of forms) {
        const text = `${before}${form} end`;
        for (const each of [own, url]) {
          const clean = each.text(text);
          expect(clean).toContain('[secret:S]');
          expect(clean).not.toContain(form);
          expect(each.text(clean)).toBe(clean);
          expect(each.clean(text)).toBe(false);
          expect(each.clean(JSON.stringify({ text }))).toBe(false);
          expect(JSON.stringify(each.json({ [text]: [text] }))).not.toContain(JSON.stringify(form).slice(1, -1));
        }
      }
      const login = url.text(base64(`user:${value}`)) + url.text(base64(`\0user\0${value}`));
      expect(login).toMatch(/^\[secret:S\]=*\[secret:S\]=*$|\[secret:S\].*\[secret:S\]/);
    }), { numRuns: 100 });
  });

  it('leaves other text as it is', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-zåäö]{1,12}$/), { maxLength: 12 }), (words) => {
      const text = words.filter((word) => word !== 'xyz').join(' ');
      expect(redactor.text(text)).toBe(text);
    }), { numRuns: 200 });
  });

  it('does not slow down on any text', () => {
    for (const text of ['a://'.repeat(40_000), 'authorization: '.repeat(10_000), '-----BEGIN PRIVATE KEY-----'.repeat(4_000), `http://${'a:'.repeat(60_000)}`, 'token='.repeat(20_000), 'eyJ'.repeat(40_000), '\\'.repeat(100_000), 'tok-'.repeat(30_000)]) {
      const started = performance.now();
      redactor.text(text);
      redactor.clean(text);
      expect(performance.now() - started).toBeLessThan(3_000);
    }
  });
});

describe('redactError', () => {
  it('tells the chain of causes and nothing else of them', () => {
    const cause = Object.assign(new Error('no route for tok-5f2a!9/x+y'), { code: 'ECONNREFUSED', request: { headers: { authorization: 'Bearer tok-5f2a!9/x+y' } } });
    const told = redactError(new Error('fetch failed', { cause }), redactor);
    expect(told).toMatchObject({ name: 'Error', message: 'fetch failed', cause: { name: 'Error', message: 'no route for [secret:TOKEN]', code: 'ECONNREFUSED' } });
    expect(JSON.stringify(told)).not.toContain('Bearer');
    expect(told.stack?.[0]).toMatch(/^at /);
  });

  it('survives whatever was thrown', () => {
    const cyclic = new Error('a');
    cyclic.cause = cyclic;
    expect(JSON.stringify(redactError(cyclic, redactor)).length).toBeLessThan(100_000);
    expect(redactError('tok-5f2a!9/x+y', redactor)).toEqual({ name: 'Thrown', message: '[secret:TOKEN]' });
    expect(redactError(undefined, redactor).message).toBe('undefined');
    expect(redactError(new AggregateError([new Error('x'), 'y'], 'all'), redactor).errors).toHaveLength(2);
    const hostile = { get message(): string { throw new Error('no'); } };
    expect(redactError(hostile, redactor).message).toBe('something was thrown that is no error');
  });
});
