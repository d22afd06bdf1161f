/** @file What `plumb datasets edit` asks for. */
import { datasetEditSchema } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { changesOf } from './dataset-version-commands.ts';

it('turns options into changes that the API takes, in this order', () => {
  const changes = changesOf({
    ...{ exclude: ['a'], reason: 'blurred', toTest: ['b'], note: '' },
    ...{ anomalous: ['c', 'd'], defect: 'crack', addFrom: 'more', addFiles: '/data/more' },
  });
  expect(changes).toEqual([
    { kind: 'exclude', paths: ['a'], reason: 'blurred' },
    { kind: 'move', paths: ['b'], split: 'test' },
    { kind: 'relabel', paths: ['c', 'd'], label: 'anomalous', defectType: 'crack' },
    { kind: 'add', from: 'more' },
    { kind: 'addFiles', source: { kind: 'path', path: '/data/more' } },
  ]);
  expect(datasetEditSchema.parse({ changes })).toEqual({ changes, note: '' });
});

it('refuses to change nothing', () => {
  expect(() => changesOf({ reason: '', note: '' })).toThrow('nothing to change');
});
