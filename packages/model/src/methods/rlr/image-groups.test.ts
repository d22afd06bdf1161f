import { describe, expect, it } from 'vitest';
import type { FeatureSource } from '../method.ts';
import { imageGroups } from './image-groups.ts';

/** 12 images of `plain`, whose tokens are all alike, and 4 of `rich`, whose tokens differ. */
const features: FeatureSource = {
  count: 16,
  categories: Array.from({ length: 16 }, (_, image) => (image < 12 ? 'plain' : 'rich')),
  read: (_, images, out) => {
    for (let i = 0; i < out.length; i++)
      out[i] = images[Math.floor(i / 8)]! < 12 ? 1 + (i % 2) * 0.1 : i % 8;
  },
};

function weights(balance: 'none' | 'category' | 'difficulty'): [string, number][] {
  const groups = imageGroups({ level: 0, features, tokens: 8, channels: 1, balance });
  return groups.map(({ name, weight }) => [name, weight]);
}

describe('the groups of images', () => {
  it('are one without balance, and alike by category', () => {
    expect(weights('none')).toEqual([['', 1]]);
    expect(weights('category')).toEqual([
      ['plain', 1],
      ['rich', 1],
    ]);
  });

  it('give more to the category with more to learn, and none too little', () => {
    const [[, plain], [, rich]] = weights('difficulty') as [[string, number], [string, number]];
    const share = rich / (plain + rich);
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.85);
  });
});
