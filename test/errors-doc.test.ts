import { expect, it } from 'vitest';
import { CODES } from '../packages/core/src/errors/codes.js';
import { read } from './fences.js';

const text = read('docs/errors.md');
const sections = [...text.matchAll(/^### `(REALOPS_\w+)`$/gm)].map(([, code]) => code ?? '');

it('every code of the table has a section, and every section is a code', () => {
  expect(sections).toEqual([...sections].sort());
  expect(sections).toEqual(Object.keys(CODES).sort());
});

it('every section says what the table says, shows a message and what to do', () => {
  const bodies = text.split(/^### /m).slice(1);
  const bare = Object.entries(CODES).filter(([code, sentence]) => {
    const body = bodies.find((each) => each.startsWith(`\`${code}\``)) ?? '';
    return !(body.includes(sentence) && /```text\n[\s\S]+?\n```/.test(body) && body.includes('**Do:**'));
  });
  expect(bare.map(([code]) => code)).toEqual([]);
});

it('codes named elsewhere in the documentation exist', () => {
  const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...['start', 'scenarios', 'slos', 'remedies', 'plugins', 'embedding', 'principles'].map((name) => `docs/${name}.md`)];
  const named = pages.flatMap((page) => [...read(page).matchAll(/REALOPS_[A-Z_]+/g)].map(([code]) => code));
  expect(named.filter((code) => !Object.hasOwn(CODES, code))).toEqual([]);
});
