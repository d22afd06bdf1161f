/** @file The VisA layout, read from its table, on a made-up miniature. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataset } from '../import/import-dataset.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import {
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { refusalOf } from '../testing/refusal-of.ts';

const TABLE = 'split_csv/1cls.csv';
const ANOMALY = 'candle/Data/Images/Anomaly/000.JPG';
const MASK = 'candle/Data/Masks/Anomaly/000.png';

let temp: TempFolder;
beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

const normal = (index: number) => `candle/Data/Images/Normal/000${index}.JPG`;

/** Three training images, one normal and one anomalous test image; one more that the table leaves out. */
async function miniature(rows?: readonly string[]): Promise<Tree> {
  const tree: Tree = {};
  for (let i = 0; i < 5; i++) tree[normal(i)] = await makeImage(i * 9, { format: 'jpeg' });
  tree[ANOMALY] = await makeImage(200, { format: 'jpeg' });
  tree[MASK] = await makeMask(20);
  const lines = rows ?? [
    ...[0, 1, 2].map((i) => `candle,train,normal,${normal(i)},`),
    `candle,test,normal,${normal(3)},`,
    `candle,test,anomaly,${ANOMALY},${MASK}`,
  ];
  tree[TABLE] = ['object,split,label,image,mask', ...lines, ''].join('\r\n');
  return tree;
}

const importFrom = (source: string) =>
  importDataset({ source, blobs: openFolderBlobStore(join(temp.path, 'blobs')) });

it('takes splits, labels and masks from the table, in a folder and in a wrapped archive', async () => {
  const tree = await miniature();
  const { manifest, report, hash } = await importFrom(
    await writeFolder(join(temp.path, 'set'), tree),
  );
  expect(manifest.layout).toBe('visa');
  expect(manifest.samples.map(({ path, split, label }) => [path, split, label])).toEqual([
    [ANOMALY, 'test', 'anomalous'],
    [normal(0), 'train', 'normal'],
    [normal(1), 'train', 'normal'],
    [normal(2), 'train', 'normal'],
    [normal(3), 'test', 'normal'],
  ]);
  expect(manifest.samples[0]).toMatchObject({ defectType: 'anomaly', mask: { format: 'png' } });
  const ignored = report.warnings.find(({ code }) => code === 'IGNORED_FILES');
  expect(ignored?.message).toBe(`1 file ignored: ${normal(4)}.`);
  const wrapped = Object.fromEntries(
    Object.entries(tree).map(([path, bytes]) => [`VisA/${path}`, bytes]),
  );
  const again = await importFrom(await writeZip(join(temp.path, 'VisA.zip'), wrapped));
  expect(again.hash).toBe(hash);
});

const trained = `candle,train,normal,${normal(0)},`;

describe.each([
  ['has another split', [`candle,val,normal,${normal(0)},`], 'line 2: the split is "val"'],
  ['has another label', [`candle,test,bad,${ANOMALY},`], 'line 2: the label is "bad"'],
  ['learns from defects', [`candle,train,anomaly,${ANOMALY},`], 'is anomalous and in train'],
  ['names no file', [trained, 'candle,test,normal,candle/no.JPG,'], 'line 3: there is no file'],
  ['names a file twice', [trained, trained], 'is in the table already'],
  ['names another folder', [`nut,train,normal,${normal(0)},`], 'is not in the folder nut'],
  ['has nothing to learn from', [`candle,test,normal,${normal(0)},`], 'candle has no training'],
  ['is empty', [], 'has no rows'],
  [
    'gives a normal image a mask that marks',
    [trained, `candle,test,normal,${normal(1)},${MASK}`],
    'which is a normal image',
  ],
])('a table that %s', (_, rows, message) => {
  it('is refused', async () => {
    const source = await writeFolder(join(temp.path, 'set'), await miniature(rows));
    const refusal = await refusalOf(source, join(temp.path, 'blobs'));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.message).toContain(message);
    expect(refusal.fix).not.toBe('');
  });
});

it('advises in terms of the table', async () => {
  const rows = [trained, `candle,test,normal,${normal(1)},${MASK}`];
  const source = await writeFolder(join(temp.path, 'set'), await miniature(rows));
  const { fix } = await refusalOf(source, join(temp.path, 'blobs'));
  expect(fix).toContain('column label of split_csv/1cls.csv');
});
