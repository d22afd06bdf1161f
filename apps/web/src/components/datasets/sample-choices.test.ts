/** @file What can become of a sample, by what it is. */
import type { Sample } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { sampleChange, sampleChoices } from './sample-choices.ts';

const image = { sha256: 'a'.repeat(64), bytes: 1, width: 8, height: 8, format: 'png' } as const;
const sample = (split: 'train' | 'test', label: 'normal' | 'anomalous'): Sample => ({
  ...{ path: 'a', category: 'bolt', split, label, image, mask: null },
  defectType: label === 'normal' ? null : 'dent',
});

it('offers what is not so already, and nothing that would be refused', () => {
  const offered = (of: Sample) => sampleChoices(of).map(({ value }) => value);
  expect(offered(sample('train', 'normal'))).toEqual(['anomalous', 'test', 'exclude']);
  expect(offered(sample('test', 'normal'))).toEqual(['anomalous', 'train', 'exclude']);
  expect(offered(sample('test', 'anomalous'))).toEqual(['normal', 'anomalous', 'exclude']);
});

it('says only what was said', () => {
  const of = sample('test', 'anomalous');
  expect(sampleChange(of, 'anomalous', 'scratch')).toEqual({
    ...{ kind: 'relabel', paths: ['a'], label: 'anomalous', defectType: 'scratch' },
  });
  expect(sampleChange(of, 'exclude', '')).toEqual({ kind: 'exclude', paths: ['a'] });
});
