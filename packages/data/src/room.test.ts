/** @file Never more at once than fits, in turn, whatever fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Room } from './room.ts';

it('lets in what fits, in turn, and what is too large alone', async () => {
  const room = new Room(10);
  let [now, most] = [0, 0];
  const order: number[] = [];
  const weights = [4, 6, 1, 25, 3, 3, 3, 3, 10, 2];
  await Promise.all(
    weights.map((weight, index) =>
      room.use(weight, async () => {
        order.push(index);
        now += Math.min(weight, 10);
        most = Math.max(most, now);
        await sleep(2);
        now -= Math.min(weight, 10);
      }),
    ),
  );
  expect(order).toEqual(weights.map((_, index) => index));
  expect([now, most]).toEqual([0, 10]);
});

it('holds so many pieces at most, however small', async () => {
  const room = new Room(10, 5);
  let [now, most] = [0, 0];
  await Promise.all(
    [1, 1, 9, 1, 1, 1].map((weight) =>
      room.use(weight, async () => {
        most = Math.max(most, ++now);
        await sleep(1);
        now--;
      }),
    ),
  );
  expect([now, most]).toEqual([0, 2]);
});

it('gives back the room of what fails', async () => {
  const room = new Room(1);
  const failing = () => Promise.reject(new Error('broken'));
  await expect(room.use(1, failing)).rejects.toThrow('broken');
  expect(await room.use(1, async () => 'done')).toBe('done');
});
