import { describe, expect, it } from 'vitest';
import { RandomStream } from '../nn/random.ts';
import { kMeans } from './k-means.ts';

const random = () => RandomStream.from(4, 'clusters');

describe('k-means', () => {
  it('finds groups that lie apart, in whatever order their points come', () => {
    const groups = [3, 0, 1, 2, 2, 1, 0, 3, 3, 0];
    const noise = new Float32Array(groups.length * 2);
    random().fillNormal(noise);
    const points = groups.flatMap((group, i) => [
      10 * (group % 2) + 0.1 * noise[2 * i]!,
      10 * Math.floor(group / 2) + 0.1 * noise[2 * i + 1]!,
    ]);
    const found = kMeans(Float32Array.from(points), groups.length, 4, random());
    for (const [i, group] of groups.entries())
      for (const [j, other] of groups.entries())
        expect(found[i] === found[j], `${i} ${j}`).toBe(group === other);
    expect(new Set(found)).toEqual(new Set([0, 1, 2, 3]));
  });

  it('takes no more clusters than there are different points', () => {
    const points = Float32Array.of(1, 1, 5, 5, 1, 1);
    expect([...kMeans(points, 6, 5, random())]).toEqual(
      [0, 0, 1, 1, 0, 0].map((one) => expect.toSatisfy((x: number) => x === one || x === 1 - one)),
    );
    expect(new Set(kMeans(points, 6, 5, random())).size).toBe(2);
    expect([...kMeans(points, 6, 1, random())]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
