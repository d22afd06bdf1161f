/** @file Choices for suspects become changes that the API takes. */
import { expect, it } from 'vitest';
import { datasetEditSchema } from './dataset-edit.ts';
import { suspectChanges } from './suspect-choices.ts';

it('groups images by what becomes of them; kept ones change nothing', () => {
  const changes = suspectChanges({
    a: 'exclude',
    b: 'keep',
    c: 'anomalous',
    d: 'exclude',
    e: 'test',
  });
  expect(changes).toEqual([
    { kind: 'exclude', paths: ['a', 'd'], reason: 'stood out among training images' },
    { kind: 'move', paths: ['e'], split: 'test' },
    { kind: 'relabel', paths: ['c'], label: 'anomalous' },
  ]);
  expect(datasetEditSchema.parse({ changes }).changes).toEqual(changes);
  expect(suspectChanges({ a: 'keep' })).toEqual([]);
});
