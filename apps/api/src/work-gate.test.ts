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

  test('work that gives way waits until no other runs, takes its share only, and its turn after a while', async () => {
    const gate = new WorkGate({ places: 3, waitMs: 60_000, asidePlaces: 2, asideWaitMs: 60_000 });
    const order: string[] = [];
    const piece = (name: string) => {
      const one = held();
      const run = () => {
        order.push(name);
        return one.work();
      };
      return { ...one, run };
    };
    const asked = piece('asked');
    const asides = ['first', 'second', 'third'].map(piece);
    const running = gate.run(asked.run);
    const all = asides.map(({ run }) => gate.runAside(run));
    await Promise.resolve();
    expect(order).toEqual(['asked']);
    asked.end();
    await running;
    await expect.poll(() => order).toEqual(['asked', 'first', 'second']);
    // A place is left for whoever comes.
    const next = piece('next');
    const answered = gate.run(next.run);
    await expect.poll(() => order).toEqual(['asked', 'first', 'second', 'next']);
    asides[0]?.end();
    await all[0];
    expect(order).not.toContain('third');
    next.end();
    await answered;
    await expect.poll(() => order).toContain('third');
    for (const { end } of asides) end();
    await Promise.all(all);

    const patient = new WorkGate({ places: 2, waitMs: 60_000, asideWaitMs: 5 });
    const busy = held();
    const line = patient.run(busy.work);
    expect(await patient.runAside(async () => 'all the same')).toBe('all the same');
    const leaving = new AbortController();
    const left = patient.runAside(async () => 'never', leaving.signal);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    busy.end();
    await line;
    expect(await patient.runAside(async () => 1)).toBe(1);
  });
});
