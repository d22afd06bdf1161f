/** @file Tests of how often one key may ask. */
import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

/** How many of so many requests at one time are let in. */
function admitted(limit: RateLimit, count: number, now: number, id = 'a'): number {
  return Array.from({ length: count }, () => limit.take(id, now)).filter((wait) => wait === 0)
    .length;
}

test('a burst is let in, then as many as the limit says, each key by itself', () => {
  const limit = new RateLimit(600);
  expect(admitted(limit, 1_000, 0)).toBe(200);
  expect(limit.take('a', 0)).toBeCloseTo(0.1);
  expect(admitted(limit, 1_000, 0, 'b')).toBe(200);
  expect(admitted(limit, 100, 1_000)).toBe(10);
  // Asking on and on costs nothing.
  expect(admitted(limit, 100, 2_000)).toBe(10);
  expect(admitted(limit, 1_000, 3_600_000)).toBe(200);
});

test('a line of 60 images per second is never held up by the default', () => {
  const limit = new RateLimit();
  const refused = Array.from({ length: 60 * 600 }, (_, index) =>
    limit.take('line', (index * 1_000) / 60),
  ).filter((wait) => wait > 0);
  expect(refused).toEqual([]);
});

test('however many keys there were, few are remembered', () => {
  const limit = new RateLimit(6_000);
  const start = performance.now();
  for (let index = 0; index < 30_000; index++) limit.take(`key ${index}`, index * 10);
  expect(performance.now() - start).toBeLessThan(5_000);
});
