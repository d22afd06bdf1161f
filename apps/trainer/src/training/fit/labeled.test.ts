/** @file Labels reach a fit only where its method says what for. */
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

  it.each(['balance', 'group'] as const)('leaves them to a method for %s', (labels) => {
    expect(labeled(source, { labels }).categories).toEqual(source.categories);
  });

  it.each(METHODS.filter((name) => name !== 'padim'))('%s says which it is', (name) => {
    const { needs, presets } = methodDefinition(name);
    const expected = ['patchcore', 'rlr'].includes(name) ? 'balance' : 'none';
    for (const preset of Object.values(presets)) expect(needs(preset).labels).toBe(expected);
  });

  it('PaDiM fits each category by itself, but not as published', () => {
    const { needs, resolve } = methodDefinition('padim');
    expect(needs(resolve('quick')).labels).toBe('group');
    expect(needs(resolve('paper')).labels).toBe('none');
  });
});
