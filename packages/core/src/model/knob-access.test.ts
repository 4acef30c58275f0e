import { describe, expect, it } from 'vitest';
import { renderedRead, renderedWrite } from './knob-access.js';

describe('a knob whose templates were filled in', () => {
  it('is what it was checked to be, with the words of a command and of headers as text', () => {
    expect(renderedRead('eos', { url: 'http://127.0.0.1:1/', at: '/eos' })).toEqual({ url: 'http://127.0.0.1:1/', at: '/eos' });
    expect(renderedWrite('eos', { command: ['set', 650, true] })).toEqual({ command: ['set', '650', 'true'] });
    expect(renderedWrite('eos', { url: 'api', headers: { 'x-value': 650 }, json: { eos: 650 } })).toEqual({ url: 'api', headers: { 'x-value': '650' }, json: { eos: 650 } });
  });

  it.each([
    [{ url: 8000 }, 'the write of the knob eos, once its templates are filled in: url must be'],
    [{ url: 'api', method: 'SMASH' }, 'method must be one of'],
    [{ command: [] }, 'command'],
    [{ command: ['set', null] }, 'command'],
    [{ file: '', at: '/eos' }, 'file'],
    [{}, 'names neither url, command nor file'],
    [null, 'names neither url, command nor file'],
  ])('%j is refused with the name of the knob and the field', (rendered, message) => {
    expect(() => renderedWrite('eos', rendered as never)).toThrow(expect.objectContaining({ code: 'REALOPS_KNOB_INVALID', message: expect.stringContaining(message) as string }));
  });
});
