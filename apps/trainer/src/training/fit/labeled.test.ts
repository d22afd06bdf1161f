/** @file Labels reach a fit only where its method says that it balances by them. */
import { METHODS, methodDefinition } from '@plumbline/contracts';
import type { FeatureSource } from '@plumbline/model';
import { describe, expect, it } from 'vitest';
import { labeled } from './labeled.ts';

const source: FeatureSource = {
  count: 3,
  categories: ['a', 'b', 'a'],
  read: (level, images, out) => out.fill(level + (images[0] ?? 0)),
};

describe('labeled', () => {
  it('hides the categories from a method that needs none, and nothing else', () => {
    const hidden = labeled(source, { labels: 'none' });
    expect(hidden.categories).toEqual(['', '', '']);
    expect(hidden.count).toBe(3);
    const out = new Float32Array(2);
    hidden.read(1, Int32Array.of(2), out);
    expect([...out]).toEqual([3, 3]);
  });

  it('leaves them to a method that balances', () => {
    expect(labeled(source, { labels: 'balance' }).categories).toEqual(source.categories);
  });

  it.each(METHODS)('%s says which of the two it is', (name) => {
    const { needs, presets } = methodDefinition(name);
    const expected = ['patchcore', 'rlr'].includes(name) ? 'balance' : 'none';
    for (const preset of Object.values(presets)) expect(needs(preset).labels).toBe(expected);
  });
});
