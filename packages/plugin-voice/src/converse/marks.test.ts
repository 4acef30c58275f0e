import { expect, it } from 'vitest';
import { createMarks } from './marks.js';

it('marks are reached in order, once each, at their moment or when what is before them is dropped', () => {
  const marks = createMarks();
  marks.set('a', 100);
  marks.set('b', 900);
  marks.set('c', 950);
  expect([marks.reached(99), marks.reached(100), marks.reached(101)]).toEqual([[], ['a'], []]);
  marks.clear(300);
  marks.set('d', 800);
  expect([marks.reached(299), marks.reached(300), marks.reached(800)]).toEqual([[], ['b', 'c'], ['d']]);
});
