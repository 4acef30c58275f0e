import type { KnobMove } from '../model/action-type.js';
import { preview, type Json } from '../text/index.js';
import { child, type Draft } from './draft.js';
import type { LoadedRemedy } from './remedies.js';

/** Reports every remedy that would undo what an earlier one does: the later one, once. */
export function reportCycles(remedies: readonly LoadedRemedy[], draft: Draft): void {
  remedies.forEach(({ remedy, node, moves }, index) => {
    const found = remedies.slice(0, index).flatMap((earlier) => earlier.moves.flatMap((before) => moves.flatMap((move) => (worksAgainst(before, move) ? [{ earlier, before, move }] : []))))[0];
    if (found === undefined) return;
    const { earlier, before, move } = found;
    draft.report(
      'REALOPS_REMEDY_CYCLE',
      `the remedies ${earlier.remedy.id} and ${remedy.id} would move the knob ${move.knob} to and fro: ${earlier.remedy.id} ${describe(before)}, ${remedy.id} ${describe(move)}`,
      child(node, 'with'),
      typeof move.to === 'number' || typeof before.to === 'number' ? 'let remedies move a knob in one direction; only: lower, or only: raise, limits knob.set' : 'let remedies move a knob in one direction, or set it to one value; what a change did is undone by the engine, not by another remedy',
    );
  });
}

/** Whether two moves of one knob could follow each other for ever. */
export function worksAgainst(a: KnobMove, b: KnobMove): boolean {
  if (a.knob !== b.knob) return false;
  if (a.to === undefined || b.to === undefined) return (isUp(a) && isDown(b)) || (isDown(a) && isUp(b));
  if (typeof a.to === 'number' && typeof b.to === 'number') {
    // To and fro takes a way down to the lower value and one up to the higher value.
    const [lower, higher] = a.to < b.to ? [a, b] : [b, a];
    return a.to !== b.to && lower.direction !== 'up' && higher.direction !== 'down';
  }
  return !same(a.to, b.to) && !(a.direction === b.direction && a.direction !== 'any');
}

/** Whether a move goes up for certain, or may do so on its way to a value that it always ends at. */
function isUp({ direction, to }: KnobMove): boolean {
  return direction === 'up' || (direction === 'any' && to !== undefined);
}

function isDown({ direction, to }: KnobMove): boolean {
  return direction === 'down' || (direction === 'any' && to !== undefined);
}

function describe({ direction, to }: KnobMove): string {
  const where = to === undefined ? '' : ` to ${typeof to === 'string' ? to : preview(to, 40)}`;
  if (direction === 'any') return `sets it${where}`;
  return `${direction === 'up' ? 'raises' : 'lowers'} it${where}`;
}

function same(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
