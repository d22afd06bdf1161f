/** @file What changes make of samples: paths, labels, splits, and what is refused. */
import type { DatasetChange, Sample } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { editSamples } from './edit-samples.ts';

function sampleOf(path: string, sha = path): Sample {
  const [category = '', split, folder = ''] = path.split('/');
  const isNormal = folder === 'good';
  const image = { sha256: sha, bytes: 1, width: 8, height: 8, format: 'png' } as const;
  return {
    ...{ path, category, image },
    split: split === 'train' ? 'train' : 'test',
    label: isNormal ? 'normal' : 'anomalous',
    defectType: isNormal ? null : folder,
    mask: isNormal ? null : { ...image, sha256: `mask of ${sha}` },
  };
}

const SAMPLES = [
  'bolt/test/dent/0.png',
  'bolt/test/good/0.png',
  'bolt/train/good/0.png',
  'bolt/train/good/1.png',
].map((path) => sampleOf(path));
const edited = (...changes: DatasetChange[]) => editSamples(SAMPLES, changes);
const pathsOf = (samples: readonly Sample[]) => samples.map(({ path }) => path);

it('moves to a path of its own where the name is taken, and leaves all others as they are', () => {
  const result = edited({ kind: 'move', paths: ['bolt/train/good/0.png'], split: 'test' });
  expect(pathsOf(result)).toEqual([
    'bolt/test/dent/0.png',
    'bolt/test/good/0-2.png',
    'bolt/test/good/0.png',
    'bolt/train/good/1.png',
  ]);
  expect(result[1]).toMatchObject({
    split: 'test',
    label: 'normal',
    image: { sha256: 'bolt/train/good/0.png' },
  });
  expect(result[0]).toBe(SAMPLES[0]);
});

it('labels: an anomalous image becomes a test image, a normal one loses its mask', () => {
  const [cracked] = edited({
    kind: 'relabel',
    paths: ['bolt/train/good/1.png'],
    label: 'anomalous',
    defectType: 'crack',
  });
  expect(cracked).toMatchObject({
    path: 'bolt/test/crack/1.png',
    split: 'test',
    label: 'anomalous',
    defectType: 'crack',
    mask: null,
  });
  const normal = edited({ kind: 'relabel', paths: ['bolt/test/dent/0.png'], label: 'normal' });
  expect(normal[1]).toMatchObject({ path: 'bolt/test/good/0.png' });
  expect(normal[0]).toMatchObject({ path: 'bolt/test/good/0-2.png', defectType: null, mask: null });
});

it('adds what is missing, by image and not by name', () => {
  const other = [
    sampleOf('bolt/train/good/0.png', 'new'),
    sampleOf('bolt/train/good/9.png', 'bolt/train/good/1.png'),
    sampleOf('bolt/test/good/7.png'),
  ];
  const change: DatasetChange = { kind: 'add', from: 'more', split: 'train' };
  const result = editSamples(SAMPLES, [change], new Map([[change, other]]));
  expect(result).toHaveLength(SAMPLES.length + 1);
  expect(pathsOf(result)).toContain('bolt/train/good/0-2.png');
});

it.each<[string, DatasetChange, string]>([
  [
    'a path that is not there',
    { kind: 'exclude', paths: ['bolt/train/good/7.png'] },
    'has no image',
  ],
  [
    'defects among training images',
    { kind: 'move', paths: ['bolt/test/dent/0.png'], split: 'train' },
    'is anomalous',
  ],
  [
    'nothing to train with',
    { kind: 'exclude', paths: ['bolt/train/good/0.png', 'bolt/train/good/1.png'] },
    'No normal training image',
  ],
  [
    'what is so already',
    { kind: 'move', paths: ['bolt/train/good/0.png'], split: 'train' },
    'change nothing',
  ],
  ['an addition of nothing', { kind: 'add', from: 'none' }, 'no image in none that is missing'],
])('refuses %s', (_, change, message) => {
  expect(() => edited(change)).toThrow(message);
});
