import { describe, expect, it } from 'vitest';
import { asRealopsError, messageOf, RealopsError } from './index.js';

describe('RealopsError', () => {
  it('carries code, hint, place and cause', () => {
    const cause = new Error('inner');
    const error = new RealopsError('REALOPS_TIMEOUT', 'too late', { hint: 'wait', source: { file: 'a', line: 1, column: 2 }, cause });
    expect(error).toMatchObject({ name: 'RealopsError', code: 'REALOPS_TIMEOUT', message: 'too late', hint: 'wait', source: { line: 1 }, cause, problems: [] });
    expect(error).toBeInstanceOf(Error);
  });
});

describe('asRealopsError', () => {
  it('hands on its own, and wraps anything else under the code', () => {
    const own = new RealopsError('REALOPS_TIMEOUT', 'too late');
    expect(asRealopsError(own, 'REALOPS_STEP_FAILED')).toBe(own);
    const other = new TypeError('no');
    expect(asRealopsError(other, 'REALOPS_STEP_FAILED')).toMatchObject({ code: 'REALOPS_STEP_FAILED', message: 'no', cause: other });
    expect(asRealopsError('text', 'REALOPS_STEP_FAILED').message).toBe('text');
  });
});

describe('messageOf', () => {
  it('tells the cause that an outer sentence hides, once', () => {
    expect(messageOf(new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') }))).toBe('fetch failed: connect ECONNREFUSED');
    expect(messageOf(new Error('a: b', { cause: new Error('b') }))).toBe('a: b');
    expect(messageOf(new AggregateError([new Error('v4'), new Error('v6')], ''))).toBe('v4; v6');
    expect(messageOf(Object.assign(new Error(''), { name: 'AbortError' }))).toBe('AbortError');
    expect(messageOf(undefined)).toBe('undefined');
  });
});
