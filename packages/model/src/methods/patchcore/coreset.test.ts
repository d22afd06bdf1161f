import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { greedyCoreset } from './coreset.ts';

const choose = (points: Float32Array, size: number, wanted: number, seed = 1) =>
  greedyCoreset({
    count: points.length / size,
    wanted,
    start: { points: 10, random: RandomStream.from(seed, 'test') },
    distancesTo: async (some) => squaredDistances(points, size, some),
    onProgress: async () => {},
  });

function squaredDistances(points: Float32Array, size: number, some: Int32Array): Float32Array {
  const count = points.length / size;
  return Float32Array.from({ length: some.length * count }, (_, i) => {
    const [a, b] = [some[Math.floor(i / count)]! * size, (i % count) * size];
    let sum = 0;
    for (let k = 0; k < size; k++) sum += (points[a + k]! - points[b + k]!) ** 2;
    return sum;
  });
}

/** `perCluster` points close around each of `clusters` far-apart centers, 3 numbers each. */
function clusters(count: number, perCluster: number): Float32Array {
  const noise = new Float32Array(count * perCluster * 3);
  RandomStream.from(2, 'clusters').fillNormal(noise);
  return noise.map((value, i) => 0.3 * value + 10 * Math.floor(i / 3 / perCluster));
}

/** The same by the definition: every distance to every chosen point, every time. */
function plainGreedy(points: Float32Array, size: number, wanted: number, seed: number): number[] {
  const count = points.length / size;
  const between = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (points[a * size + i]! - points[b * size + i]!) ** 2;
    return Math.sqrt(sum);
  };
  const starts = RandomStream.from(seed, 'test').permutation(count).subarray(0, 10);
  const distances = Array.from({ length: count }, (_, i) => {
    return starts.reduce((sum, start) => sum + between(i, start), 0) / 10;
  });
  return Array.from({ length: wanted }, () => {
    const next = distances.indexOf(Math.max(...distances));
    for (let i = 0; i < count; i++) distances[i] = Math.min(distances[i]!, between(i, next));
    return next;
  });
}

describe('greedyCoreset', () => {
  it('takes one point of every cluster before a second of any', async () => {
    const { chosen, radius } = await choose(clusters(12, 40), 3, 12);
    expect(new Set([...chosen].map((i) => Math.floor(i / 40))).size).toBe(12);
    expect(radius).toBeLessThan(3);
  });

  it('chooses what the definition without shortcuts chooses', async () => {
    const points = new Float32Array(300 * 20);
    RandomStream.from(8, 'points').fillNormal(points);
    const { chosen } = await choose(points, 20, 60, 4);
    expect([...chosen]).toEqual(plainGreedy(points, 20, 60, 4));
  });

  it('leaves a smaller radius the more it chooses', async () => {
    const points = clusters(5, 50);
    const radii = await Promise.all([5, 25, 100].map((wanted) => choose(points, 3, wanted)));
    expect(radii[0]!.radius).toBeGreaterThan(radii[1]!.radius);
    expect(radii[1]!.radius).toBeGreaterThan(radii[2]!.radius);
  });

  it('stops when nothing different is left', async () => {
    const { chosen, radius } = await choose(new Float32Array(90).fill(4), 3, 10);
    expect(chosen.length).toBe(0);
    expect(radius).toBe(0);
  });

  it('chooses each point at most once, all of them if asked', async () => {
    const points = clusters(3, 4);
    expect(new Set((await choose(points, 3, 99)).chosen).size).toBe(12);
  });
});
