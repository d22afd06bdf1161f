import { expect, it } from 'vitest';
import { isOver, nextPlateau, type Plateau, stepsBetweenChecks } from './plateau.ts';

function after(losses: readonly number[]): Plateau | null {
  return losses.reduce<Plateau | null>((plateau, loss) => nextPlateau(plateau, loss), null);
}

it('counts the checks since the loss was last clearly better', () => {
  expect(isOver(null)).toBe(false);
  expect(after([1, 0.5])).toEqual({ best: 0.5, checksSince: 0 });
  expect(after([1, 0.5, 0.4999, 0.6])).toEqual({ best: 0.5, checksSince: 2 });
  expect(isOver(after([1, ...new Array<number>(9).fill(1)]))).toBe(false);
  expect(isOver(after([1, ...new Array<number>(10).fill(1)]))).toBe(true);
  expect(isOver(after([1, ...new Array<number>(9).fill(1), 0.9]))).toBe(false);
});

it('checks once an epoch, but not at every step of a short one', () => {
  expect(stepsBetweenChecks(3629, 4)).toBe(907);
  expect(stepsBetweenChecks(8, 4)).toBe(20);
});
