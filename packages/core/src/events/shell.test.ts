import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rerunCommand, shellQuote } from './shell.js';

describe('shellQuote', () => {
  it('leaves ordinary words as they are', () => {
    for (const word of ['examples/alice', 'a_b-c.yaml', 'C:/x', '50%']) expect(shellQuote(word)).toBe(word);
  });

  it('comes back from a shell as it went in', () => {
    const words = fc.sample(fc.string({ unit: fc.constantFrom("'", '"', '$', '`', '\\', ' ', '\n', '*', ';', 'å', '~', '!', 'x') }), 40);
    const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${words.map(shellQuote).join(' ')}`], { encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
  });
});

describe('rerunCommand', () => {
  it('names the row when there is one', () => {
    expect(rerunCommand('a b.yaml', 'x', 3)).toBe(`realops run 'a b.yaml' --scenario x --row 3`);
    expect(rerunCommand('a.yaml', 'x')).toBe('realops run a.yaml --scenario x');
  });
});
