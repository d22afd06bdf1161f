/** @file Names and places of files as cameras, archives and people make them: taken as they are meant. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolderBlobStore } from '../store/blob-store.ts';
import {
  makeCategory,
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { refusalOf } from '../testing/refusal-of.ts';
import { importDataset } from './import-dataset.ts';

let temp: TempFolder;
beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

const blobRoot = () => join(temp.path, 'blobs');
const importFrom = (source: string) =>
  importDataset({ source, blobs: openFolderBlobStore(blobRoot()) });
const importTree = async (tree: Tree, name = 'set') =>
  importFrom(await writeFolder(join(temp.path, name), tree));
const inside = (folder: string, tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([path, bytes]) => [`${folder}/${path}`, bytes]));

describe('masks', () => {
  it.each(['0', '0_mask', '0_GT', '0-mask', '0_label', 'mask_0', '0.gt', 'gt-0', '0_Masks'])(
    'are found as %s.png',
    async (name) => {
      const tree = await makeCategory('bolt');
      tree[`bolt/ground_truth/scratch/${name}.png`] =
        tree['bolt/ground_truth/scratch/0_mask.png'] ?? '';
      if (name !== '0_mask') delete tree['bolt/ground_truth/scratch/0_mask.png'];
      const { report } = await importTree(tree);
      expect(report.categories[0]).toMatchObject({ masks: 2 });
    },
  );

  it('are found where their names encode accents in another way', async () => {
    const tree = await makeCategory('bolt');
    tree[`bolt/test/scratch/${'prüf'.normalize('NFC')}.png`] = await makeImage(9);
    tree[`bolt/ground_truth/scratch/${'prüf_mask'.normalize('NFD')}.png`] = await makeMask(9);
    expect((await importTree(tree)).report.categories[0]).toMatchObject({ masks: 3 });
  });
});

it('names in either Unicode form make the same version', async () => {
  const hashes = [];
  for (const form of ['NFC', 'NFD']) {
    const category = 'Größe 2 (neu)'.normalize(form);
    const { hash, manifest } = await importTree(await makeCategory(category), form);
    expect(manifest.samples[0]?.category).toBe('Größe 2 (neu)'.normalize('NFC'));
    hashes.push(hash);
  }
  expect(hashes[0]).toBe(hashes[1]);
});

it('a zip that does not say that its names are UTF-8, as macOS writes it, gives them back', async () => {
  const tree = await makeCategory('螺丝 ä');
  const { hash } = await importTree(tree);
  const zip = await writeZip(join(temp.path, 'set.zip'), tree, { saysUtf8: false });
  expect((await importFrom(zip)).hash).toBe(hash);
});

describe('where a dataset begins', () => {
  it.each(['data', 'export/data', 'a/b/c'])('is found in %s, beside a document', async (folder) => {
    const tree = await makeCategory('bolt');
    const { hash } = await importTree(tree, 'plain');
    const wrapped = { ...inside(folder, tree), 'license.txt': 'free', 'docs/a.pdf': '' };
    const again = await importTree(wrapped, 'wrapped');
    expect(again.hash).toBe(hash);
    expect(again.report.warnings.map(({ message }) => message)).toEqual([
      `2 files ignored: docs/a.pdf, license.txt. The dataset begins in ${folder}.`,
    ]);
  });

  it('is asked for where two lie side by side', async () => {
    const tree = {
      ...inside('old/set', await makeCategory('bolt')),
      ...inside('new/set', await makeCategory('bolt')),
    };
    const error = await refusalOf(await writeFolder(join(temp.path, 'both'), tree), blobRoot());
    expect(error.message).toBe('both holds more than one dataset: new/set and old/set.');
  });
});

it('what systems and network drives leave behind is no image', async () => {
  const tree = await makeCategory('bolt');
  const { hash } = await importTree(tree, 'plain');
  const image = await makeImage(1);
  for (const folder of [
    '@eaDir',
    '#recycle',
    '$RECYCLE.BIN',
    'System Volume Information',
    '.ipynb_checkpoints',
  ]) {
    tree[`bolt/train/good/${folder}/0.png`] = image;
    tree[`${folder}/train/good/0.png`] = image;
  }
  tree['bolt/train/good/._0.png'] = 'resource fork';
  expect((await importTree(tree, 'littered')).hash).toBe(hash);
});
