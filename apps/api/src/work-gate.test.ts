import { describe, expect, test } from 'vitest';
import { WorkGate } from './work-gate.ts';

/** Work that ends when told to. */
function held() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end: () => end() };
}

describe('WorkGate', () => {
  test('lets as many run as it has places, the others in their order', async () => {
    const gate = new WorkGate({ places: 2, waitMs: 60_000 });
    const order: number[] = [];
    const pieces = [held(), held(), held(), held()];
    const all = pieces.map(({ work }, index) =>
      gate.run(() => {
        order.push(index);
        return work();
      }),
    );
    await Promise.resolve();
    expect(order).toEqual([0, 1]);
    pieces[1]?.end();
    await all[1];
    await expect.poll(() => order).toEqual([0, 1, 2]);
    for (const { end } of pieces) end();
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3]);
  });

  test('whoever waits for too long is told, and a free place serves the next', async () => {
    const gate = new WorkGate({ places: 1, waitMs: 5 });
    const first = held();
    const running = gate.run(first.work);
    await expect(gate.run(async () => 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    first.end();
    await running;
    expect(await gate.run(async () => 2)).toBe(2);
  });

  test('whoever leaves does not hold its place', async () => {
    const gate = new WorkGate({ places: 1, waitMs: 60_000 });
    const first = held();
    const running = gate.run(first.work);
    const leaving = new AbortController();
    const left = gate.run(async () => 'never', leaving.signal);
    const next = gate.run(async () => 'next');
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    first.end();
    await running;
    expect(await next).toBe('next');
    await expect(gate.run(async () => 1, leaving.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  test('work that fails frees its place', async () => {
    const gate = new WorkGate({ places: 1, waitMs: 60_000 });
    await expect(gate.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await gate.run(async () => 1)).toBe(1);
  });
});
