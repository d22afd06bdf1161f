/** @file Every layout: exact samples, splits, labels, types and masks, and the same version from a folder and from an archive inside a folder. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeMask } from '../images/mask.ts';
import { type ImportedDataset, importDataset } from '../import/import-dataset.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import { ANNOTATED_TREES } from '../testing/annotated-trees.ts';
import {
  makeTempFolder,
  type TempFolder,
  writeFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { treeOf } from '../testing/layout-trees.ts';
import { PUBLISHED_TREES } from '../testing/published-trees.ts';
import { refusalOf } from '../testing/refusal-of.ts';
import { datasetLayouts } from './recognize-layout.ts';

const LAYOUT_TREES = [...PUBLISHED_TREES, ...ANNOTATED_TREES];

let temp: TempFolder;
beforeAll(async () => {
  temp = await makeTempFolder();
});
afterAll(() => temp.remove());

const blobs = () => openFolderBlobStore(join(temp.path, 'blobs'));

/** Of the layouts; the others are those of small datasets. */
const NOTES = [
  'VALIDATION_TRAINED',
  'LEFT_OUT',
  'ANOMALIES_MOVED',
  'TAKEN_AS_NORMAL',
  'SPLIT_MADE',
];

async function samplesOf({ manifest }: ImportedDataset): Promise<string[]> {
  return Promise.all(
    manifest.samples.map(async ({ path, split, label, defectType, mask, maskRule }) => {
      const marks =
        mask === null ? null : await decodeMask(await blobs().read(mask.sha256), path, maskRule);
      const marked = marks?.data.reduce((sum, one) => sum + one, 0) ?? '-';
      return `${path} ${split} ${label} ${defectType ?? '-'} ${marked}`;
    }),
  );
}

describe.each(LAYOUT_TREES)('$name', ({ layout, samples, notes = [], split, ...rest }) => {
  it('is imported as its authors mean it, zipped identically', async () => {
    const tree = await treeOf({ layout, samples, ...rest });
    const source = await writeFolder(join(temp.path, layout, 'set'), tree);
    const told = split === undefined ? {} : { split };
    const imported = await importDataset({ source, blobs: blobs(), ...told });
    expect(imported.manifest.layout).toBe(layout);
    expect(await samplesOf(imported)).toEqual(samples);
    const given = imported.report.warnings.map(({ code }) => code);
    expect(given.filter((code) => NOTES.includes(code))).toEqual(notes);

    const zip = await writeZip(join(temp.path, layout, 'set.zip'), tree);
    expect((await importDataset({ source: zip, blobs: blobs(), ...told })).hash).toBe(
      imported.hash,
    );
  });
});

it('has a tree for every layout that is known', () => {
  const tried = new Set(LAYOUT_TREES.map(({ layout }) => layout));
  expect([...tried].sort()).toEqual(
    datasetLayouts()
      .map(({ name }) => name)
      .sort(),
  );
});

describe.each([
  [
    'VisA without its table',
    'visa',
    ['split_csv/1cls.csv'],
    /images of VisA but no split_csv\/1cls\.csv/,
  ],
  [
    'Real-IAD without its tables',
    'real-iad',
    ['realiad_jsons/usb.json', 'realiad_jsons_sv/usb.json'],
    /but no realiad_jsons\/<category>\.json/,
  ],
  [
    'Real-IAD without an image',
    'real-iad',
    ['realiad_1024/usb/OK/S0001/usb_0001_OK_C1_x.jpg'],
    /realiad_jsons\/usb\.json, train 0: there is no file/,
  ],
  ['BTAD without training images', 'btad', ['01/train/ok/0000.png'], /01 has no training images/],
  [
    'LOCO without training images',
    'mvtec-loco',
    ['box/train/good/000.png', 'box/validation/good/000.png'],
    /box has no training images/,
  ],
  [
    'a label of KolektorSDD',
    'kolektor-sdd',
    ['kos01/Part1_label.bmp'],
    /kos01\/Part1\.jpg has no label/,
  ],
  [
    'a mask of a manifest',
    'lookout',
    ['img/masks/2.png'],
    /test\.manifest, line 2: there is no file s3/,
  ],
  ['an image of a .csv', 'csv', ['a/2.png'], /samples\.csv, line 3: there is no file a\/2\.png/],
  [
    'an image of COCO',
    'coco',
    ['test/2.png'],
    /instances_test\.json, image 1: there is no file 2\.png/,
  ],
])('%s missing', (_what, layout, missing, message) => {
  it('is told where', async () => {
    const found = LAYOUT_TREES.find((one) => one.layout === layout);
    if (found === undefined) throw new Error(layout);
    const tree = await treeOf(found);
    for (const path of missing) {
      expect(tree).toHaveProperty([path]);
      delete tree[path];
    }
    const source = await writeFolder(join(temp.path, `missing-${missing.length}-${_what}`), tree);
    const refusal = await refusalOf(source, join(temp.path, 'no-blobs'));
    expect(refusal.code).toBe('INVALID_INPUT');
    expect(refusal.message).toMatch(message);
  });
});
