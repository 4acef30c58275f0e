import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSchema, shapeOf } from './index.js';
import type { ObjectSchema, Schema } from './infer.js';

const WAIT = {
  type: 'object',
  description: 'Waits.',
  properties: {
    url: { type: 'string', description: 'Where to ask', minLength: 1 },
    method: { enum: ['GET', 'POST', 'DELETE'], default: 'GET' },
    limit: { type: 'number', minimum: 0, exclusiveMinimum: 0, description: 'Milliseconds to wait' },
    retries: { type: 'integer', default: 2, maximum: 9 },
    strict: { type: 'boolean' },
    every: { type: 'string', holds: 'duration' },
    tags: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' }, minItems: 1 },
    options: { type: 'object', properties: { follow: { type: 'boolean', default: true }, depth: { type: 'integer' } }, additionalProperties: false },
    labels: { type: 'object', properties: {}, additionalProperties: { type: 'string' } },
    body: {
      oneOf: [
        { type: 'string' },
        { type: 'object', properties: { kind: { enum: ['json'] }, value: {}, indent: { type: 'integer', default: 2 } }, required: ['kind', 'value'] },
        { type: 'object', properties: { kind: { enum: ['form'] }, fields: { type: 'array', items: { type: 'string' } } }, required: ['kind', 'fields'] },
      ],
    },
    any: {},
  },
  required: ['url'],
} as const satisfies ObjectSchema;

const check = (value: unknown, templates: 'exempt' | 'forbid' = 'forbid') => compileSchema(WAIT).check(value, { templates });
const told = (value: unknown, templates: 'exempt' | 'forbid' = 'forbid') => check(value, templates).issues.map(({ path, part, message }) => `${part === 'key' ? 'key ' : ''}${path.join('.')} ${message}`.trim());

describe('compileSchema', () => {
  it('fills defaults into a copy, also in nested objects and the meant alternative', () => {
    const value = Object.freeze({ url: 'x', options: Object.freeze({}), body: { kind: 'json', value: 1 } });
    expect(check(value)).toEqual({ value: { url: 'x', method: 'GET', retries: 2, options: { follow: true }, body: { kind: 'json', value: 1, indent: 2 } }, issues: [] });
    expect(value.options).toEqual({});
  });

  it('is kept with its schema', () => {
    expect(compileSchema(WAIT)).toBe(compileSchema(WAIT));
  });

  it.each<readonly [unknown, readonly string[]]>([
    [{}, ['needs "url"']],
    [null, ['must be an object, but it is empty (null)']],
    [{ url: '' }, ['url must not be empty']],
    [{ url: 5 }, ['url must be a text, got 5']],
    [{ url: 'x', limit: 'high' }, ['limit must be a number, got "high"']],
    [{ url: 'x', limit: -1 }, ['limit must be at least 0, got -1', 'limit must be greater than 0, got -1']],
    [{ url: 'x', retries: 10 }, ['retries must be at most 9, got 10']],
    [{ url: 'x', retries: 1.5 }, ['retries must be a whole number, got 1.5']],
    [{ url: 'x', method: 'PSOT' }, ['method must be one of GET, POST, DELETE, got "PSOT"']],
    [{ url: 'x', metod: 'GET' }, ['key metod is not a key here']],
    [{ ulr: 'x' }, ['key ulr is not a key here']],
    [{ url: 'x', every: 'soon' }, ['every must be a duration, got "soon"']],
    [{ url: 'x', tags: [] }, ['tags must not be empty']],
    [{ url: 'x', tags: ['a', 'B'] }, ['tags.1 does not have the right form, got "B"']],
    [{ url: 'x', tags: 'a' }, ['tags must be a list, got "a"']],
    [{ url: 'x', options: { folow: true, depth: 'x' } }, ['key options.folow is not a key here', 'options.depth must be a whole number, got "x"']],
    [{ url: 'x', labels: { 'a/b~c': 1 } }, ['labels.a/b~c must be a text, got 1']],
    [{ url: 'x', body: 5 }, ['body must be a text or an object, got 5']],
    [{ url: 'x', body: { kind: 'json' } }, ['body needs "value"']],
    [{ url: 'x', body: { kind: 'form', fields: [1] } }, ['body.fields.0 must be a text, got 1']],
    [{ url: 'x', body: { kind: 'form', feilds: ['a'] } }, ['key body.feilds is not a key here']],
    [{ url: 'x', body: { fields: ['a'] } }, ['body needs "kind"']],
    [{ url: 'x', any: { at: ['all'] } }, []],
  ])('%j: %j', (value, issues) => {
    expect([...told(value)].sort()).toEqual([...issues].sort());
  });

  it.each<readonly [unknown, string]>([
    [{ url: 'x', limit: '2000ms' }, 'write the number of milliseconds: 2000'],
    [{ url: 'x', limit: '2s' }, 'write the number of milliseconds: 2000'],
    [{ url: 'x', limit: '11%' }, 'write the share as a number: 0.11'],
    [{ url: 'x', limit: '5' }, 'leave out the quotes: 5'],
    [{ url: 'x', limit: '0,5' }, 'write a decimal point: 0.5'],
    [{ url: 'x', limit: 'high' }, 'Milliseconds to wait'],
    [{ url: 'x', strict: 'yes' }, 'YAML 1.2 reads yes as a text; write true'],
    [{ url: 'x', strict: 'Off' }, 'YAML 1.2 reads Off as a text; write false'],
    [{ url: 'x', every: 5 }, 'write a unit: 5ms or 5s'],
    [{ url: 5 }, 'put it into quotes: "5"'],
    [{ url: 'x', method: 'PSOT' }, 'did you mean "POST"?'],
    [{ url: 'x', metod: 1 }, 'did you mean "method"? Keys: url, method, limit, retries, strict, every, tags, options, labels, body, any'],
    [{ url: 'x', tags: 'a' }, 'write a list: [ … ], or lines that begin with "- "'],
    [{}, 'url: Where to ask'],
  ])('%j: hint %s', (value, hint) => {
    expect(check(value).issues.map((issue) => issue.hint)).toContain(hint);
  });

  it('tells nothing of alternatives that were not meant, also when a list has several', () => {
    const schema: ObjectSchema = { type: 'object', properties: { steps: { type: 'array', items: { oneOf: [{ type: 'object', properties: { use: { type: 'string' } }, required: ['use'] }, { type: 'object', properties: { parallel: { type: 'array', items: {} } }, required: ['parallel'] }] } } } };
    const { issues } = compileSchema(schema).check({ steps: [{ use: 1 }, { use: 'a' }, { parallel: 'x' }, {}, 5] });
    expect(issues.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
      'steps.0.use must be a text, got 1', 'steps.2.parallel must be a list, got "x"', 'steps.3 needs one of these keys: use, parallel', 'steps.4 must be an object, got 5',
    ]);
  });

  describe('with templates exempt', () => {
    it.each([
      { url: '${{ x }}', method: '${{ m }}', limit: '${{ n }}', retries: 'a${{ n }}', strict: '${{ b }}', every: '${{ d }}', tags: '${{ list }}', options: '${{ o }}', body: '${{ b }}' },
      { url: 'x', tags: ['${{ A }}', 'b'], labels: { a: '${{ x }}' }, options: { depth: '${{ d }}' } },
      { url: 'x', body: { kind: '${{ k }}', value: 1 } },
      { url: 'x', body: { kind: 'form', fields: '${{ f }}' } },
      { url: 'x', body: { kind: 'form', fields: ['${{ f }}'] } },
    ])('%j is accepted', (value) => {
      expect(told(value, 'exempt')).toEqual([]);
    });

    it('tells every other mistake as it is', () => {
      expect(told({ url: '${{ x }}', limit: 'x', tags: ['${{ t }}', 1] }, 'exempt')).toEqual(['limit must be a number, got "x"', 'tags.1 must be a text, got 1']);
      expect(told({ url: 'x', '${{ k }}': 1 }, 'exempt')).toEqual(['key ${{ k }} is not a key here']);
      expect(told({ url: 'x', body: { kind: 'form', fields: ['${{ f }}', 2] } }, 'exempt')).toEqual(['body.fields.1 must be a text, got 2']);
      expect(told({ url: 'x', body: { kind: 'json', value: '${{ f }}', indnt: 1 } }, 'exempt')).toEqual(['key body.indnt is not a key here']);
    });

    it('does not exempt them otherwise', () => {
      expect(told({ url: 'x', limit: '${{ n }}', every: '${{ d }}' })).toEqual(['limit must be a number, got "${{ n }}"', 'every must be a duration, got "${{ d }}"']);
    });
  });

  it('always tells something when a value does not fit, whatever it is', () => {
    const value = fc.record({ url: fc.jsonValue(), body: fc.jsonValue(), tags: fc.jsonValue(), options: fc.jsonValue(), extra: fc.jsonValue() }, { requiredKeys: [] });
    fc.assert(fc.property(value, (each) => {
      const { issues } = check(each);
      for (const { message } of issues) expect(message).not.toMatch(/undefined|NaN|\[object/);
      if ('extra' in each || !('url' in each)) expect(issues.length).toBeGreaterThan(0);
    }), { numRuns: 200 });
  });
});

describe('shapeOf', () => {
  it('gives what expressions can read', () => {
    const schema: ObjectSchema = {
      type: 'object',
      properties: { text: { type: 'string' }, words: { type: 'array', items: { type: 'object', properties: { word: { type: 'string' } } } }, body: {}, state: { enum: ['a'] }, extra: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true } },
    };
    const leaf = { kind: 'keys', keys: {} };
    expect(shapeOf(schema)).toEqual({ kind: 'keys', keys: { text: leaf, words: { kind: 'list', items: { kind: 'keys', keys: { word: leaf } } }, body: { kind: 'open' }, state: { kind: 'open' }, extra: { kind: 'open' } } });
    expect(shapeOf(undefined)).toEqual(leaf);
    const untyped: Schema = {};
    expect(shapeOf({ type: 'object', properties: { list: { type: 'array', items: untyped } } })).toEqual({ kind: 'keys', keys: { list: { kind: 'list', items: { kind: 'open' } } } });
  });
});
