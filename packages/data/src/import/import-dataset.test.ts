import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { datasetManifestSchema, importReportSchema, type Sample } from '@plumbline/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobKey } from '../store/blob-key.ts';
import { type BlobStore, openFolderBlobStore } from '../store/blob-store.ts';
import { sha256Of } from '../store/sha256.ts';
import {
  filesBelow,
  makeCategory,
  makeImage,
  makeMask,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { blobHashesOf, importDataset } from './import-dataset.ts';
import { reportImport } from './import-report.ts';

let temp: TempFolder;
let blobs: BlobStore;
let blobRoot: string;

beforeEach(async () => {
  temp = await makeTempFolder();
  blobRoot = join(temp.path, 'blobs');
  blobs = openFolderBlobStore(blobRoot);
});
afterEach(() => temp.remove());

const importTree = async (tree: Tree, name = 'set') =>
  importDataset({ source: await writeFolder(join(temp.path, name), tree), blobs });

const wrapped = (tree: Tree, folder: string): Tree =>
  Object.fromEntries(Object.entries(tree).map(([path, content]) => [`${folder}/${path}`, content]));

describe('a sound dataset', () => {
  it('is described by its manifest and report, and its images are stored', async () => {
    const tree = { ...(await makeCategory('bolt')), ...(await makeCategory('nut', { shade: 50 })) };
    const progress: [number, number][] = [];
    const source = await writeFolder(join(temp.path, 'set'), tree);
    const { manifest, hash, report } = await importDataset({
      source,
      blobs,
      onProgress: (checked, total) => progress.push([checked, total]),
    });
    expect(datasetManifestSchema.parse(manifest)).toEqual(manifest);
    expect(importReportSchema.parse(report)).toEqual(report);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(manifest.samples).toHaveLength(28);
    expect(manifest.samples.find((s) => s.path === 'bolt/test/scratch/1.png')).toMatchObject({
      category: 'bolt',
      split: 'test',
      label: 'anomalous',
      defectType: 'scratch',
      image: { width: 24, height: 16, format: 'png' },
      mask: { width: 24, height: 16, format: 'png' },
    });
    expect(report.categories[0]).toEqual({
      name: 'bolt',
      train: 10,
      testNormal: 2,
      testAnomalous: 2,
      masks: 2,
      defectTypes: [{ name: 'scratch', samples: 2 }],
      minWidth: 24,
      minHeight: 16,
      maxWidth: 24,
      maxHeight: 16,
      sizes: {
        different: 1,
        smallest: { width: 24, height: 16 },
        largest: { width: 24, height: 16 },
      },
    });
    expect(report.warnings).toEqual([]);
    expect(progress[0]).toEqual([0, 32]);
    expect(progress.at(-1)).toEqual([32, 32]);
    for (const { image, mask } of manifest.samples) {
      expect((await blobs.read(image.sha256)).length).toBe(image.bytes);
      if (mask !== null) expect(await blobs.has(mask.sha256)).toBe(true);
    }
  });

  it('has the same hash as a folder, as an archive and wrapped in a folder', async () => {
    const tree = await makeCategory('bolt');
    const folder = await importTree(tree);
    const zip = await importDataset({
      source: await writeZip(join(temp.path, 'a.zip'), tree),
      blobs,
    });
    const inner = await importDataset({
      source: await writeZip(join(temp.path, 'upload-17'), wrapped(tree, 'real10')),
      blobs,
    });
    expect(zip.manifest).toEqual(folder.manifest);
    expect(zip.hash).toBe(folder.hash);
    expect(inner.hash).toBe(folder.hash);
  });

  it('has another hash when one byte of it differs', async () => {
    const tree = await makeCategory('bolt');
    const first = await importTree(tree);
    const second = await importTree(
      { ...tree, 'bolt/train/good/0.png': await makeImage(77) },
      'other',
    );
    expect(second.hash).not.toBe(first.hash);
  });

  it('may be a single category, named by its folder', async () => {
    const tree = await makeCategory('bolt');
    const whole = await importTree(tree);
    const single = await importDataset({ source: join(temp.path, 'set', 'bolt'), blobs });
    expect(single.hash).toBe(whole.hash);
  });

  it('goes by content, not by extension, and takes every format', async () => {
    const tree = await makeCategory('bolt');
    tree['bolt/train/good/0.png'] = await makeImage(1, { format: 'jpeg' });
    tree['bolt/train/good/a.webp'] = await makeImage(2, { format: 'webp' });
    tree['bolt/train/good/b.tif'] = await makeImage(3, { format: 'tiff' });
    const { manifest } = await importTree(tree);
    const format = (path: string) => manifest.samples.find((s) => s.path === path)?.image.format;
    expect(format('bolt/train/good/0.png')).toBe('jpeg');
    expect(format('bolt/train/good/a.webp')).toBe('webp');
    expect(format('bolt/train/good/b.tif')).toBe('tiff');
  });

  it('takes masks named like their images, and empty masks of normal images', async () => {
    const tree = await makeCategory('bolt');
    tree['bolt/ground_truth/scratch/0.png'] = tree['bolt/ground_truth/scratch/0_mask.png'] ?? '';
    delete tree['bolt/ground_truth/scratch/0_mask.png'];
    tree['bolt/ground_truth/good/0_mask.png'] = await makeMask(0);
    const { report, manifest } = await importTree(tree);
    expect(report.categories[0]?.masks).toBe(2);
    expect(manifest.samples.find((s) => s.path === 'bolt/test/good/0.png')?.mask).toBeNull();
  });
});

describe('warnings', () => {
  const codes = async (tree: Tree) => (await importTree(tree)).report.warnings.map((w) => w.code);

  it('tell of missing and empty masks', async () => {
    const tree = await makeCategory('alien');
    tree['alien/ground_truth/scratch/1_mask.png'] = await makeMask(0);
    expect(await codes(tree)).toEqual(['EMPTY_MASK']);
    delete tree['alien/ground_truth/scratch/1_mask.png'];
    await rm(join(temp.path, 'set'), { recursive: true });
    expect(await codes(tree)).toEqual(['SOME_MASKS_MISSING']);
    delete tree['alien/ground_truth/scratch/0_mask.png'];
    await rm(join(temp.path, 'set'), { recursive: true });
    const { report } = await importTree(tree);
    expect(report.warnings).toEqual([
      {
        code: 'NO_MASKS',
        category: 'alien',
        message: 'alien has no masks: its pixel metrics are undefined.',
      },
    ]);
  });

  it('tell of few training images and missing kinds of test images', async () => {
    const tree: Tree = {};
    for (let i = 0; i < 9; i++) tree[`bolt/train/good/${i}.png`] = await makeImage(i);
    expect(await codes(tree)).toEqual(['FEW_TRAIN', 'NO_TEST_NORMAL', 'NO_ANOMALOUS']);
  });

  it('tell of identical images, and of those in both train and test', async () => {
    const tree = await makeCategory('bolt');
    const image = tree['bolt/train/good/3.png'] ?? '';
    tree['bolt/train/good/8.png'] = image;
    tree['bolt/test/good/1.png'] = image;
    const { report } = await importTree(tree);
    expect(report.identicalImages.map((group) => group.files)).toEqual([
      ['bolt/test/good/1.png', 'bolt/train/good/3.png', 'bolt/train/good/8.png'],
    ]);
    expect(report.warnings.map((w) => w.code)).toEqual(['IDENTICAL_IMAGES']);
    expect(report.warnings[0]?.message).toContain('1 group of identical images (3 files');
    expect(report.warnings[0]?.message).toContain('both train and test');
  });

  it('tell of identical images in time that grows with their number, not its square', () => {
    const sampleOf = (index: number): Sample => ({
      path: `bolt/train/good/${index}.png`,
      ...{ category: 'bolt', split: 'train', label: 'normal', defectType: null, mask: null },
      image: { sha256: 'a'.repeat(64), bytes: 1, width: 8, height: 8, format: 'png' },
    });
    const cpuOf = (images: number) => {
      const checked = Array.from({ length: images }, (_, index) => ({
        ...{ sample: sampleOf(index), imageFile: `${index}.png`, mask: null },
        ...{ levels: 256, picture: null, isTransparent: false },
      }));
      const before = process.cpuUsage();
      const { identicalImages } = reportImport({
        ...{ layout: 'mvtec', root: '', checked, ignored: [], told: {} },
      });
      expect(identicalImages.map(({ files }) => files.length)).toEqual([images]);
      return process.cpuUsage(before).user;
    };
    // The least of some rounds: a round may pay for the garbage of what ran before it.
    const leastOf = (images: number) => Math.min(...Array.from({ length: 4 }, () => cpuOf(images)));
    // Four times as many; their square would take 16 times as long.
    expect(leastOf(80_000) / Math.max(30_000, leastOf(20_000))).toBeLessThan(10);
  });

  it('collect the ignored files in one', async () => {
    const tree = await makeCategory('bolt');
    const clutter = ['README.md', '.DS_Store', 'bolt/license.txt', 'bolt/test/scratch/Thumbs.db'];
    for (const path of [...clutter, '__MACOSX/bolt/._0.png', 'bolt/test/good/notes.json'])
      tree[path] = 'x';
    const { report } = await importTree(tree);
    expect(report.warnings.map((w) => w.code)).toEqual(['IGNORED_FILES']);
    expect(report.warnings[0]?.message).toContain('6 files ignored');
    expect(report.images).toBe(14);
  });
});

describe('a cancelled or failed import', () => {
  it('stops while checking and leaves no image', async () => {
    const source = await writeFolder(join(temp.path, 'set'), await makeCategory('bolt'));
    const controller = new AbortController();
    const importing = importDataset({
      source,
      blobs,
      signal: controller.signal,
      onProgress: (checked) => checked >= 3 && controller.abort(),
    });
    await expect(importing).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await filesBelow(blobRoot)).toEqual([]);
  });

  it('that fails while storing leaves what another import counts on', async () => {
    const tree = await makeCategory('bolt');
    // A file where the folder of one of the last blobs would be.
    const last = sha256Of(Buffer.from(tree['bolt/train/good/9.png'] ?? ''));
    const obstacle = dirname(join(blobRoot, blobKey(last)));
    const other: Tree = { ...(await makeCategory('bolt')) };
    delete other['bolt/train/good/9.png'];
    await blobs.put(Buffer.from('makes the folder'));
    await writeFile(obstacle, '');
    await expect(importTree(tree, 'failing')).rejects.toThrow(obstacle);
    const { manifest } = await importTree(other, 'other');
    await rm(obstacle);
    for (const sha256 of blobHashesOf(manifest)) await blobs.read(sha256);
  });

  it('two at once of which one fails: the other is whole', async () => {
    const tree = await makeCategory('bolt');
    const staged = await Promise.all([blobs.stage(), blobs.stage()]);
    const bytes = Object.values(tree).map((content) => Buffer.from(content));
    const hashes: string[] = [];
    for (const staging of staged) for (const one of bytes) hashes.push(await staging.add(one));
    const [good, bad] = staged;
    await expect(bad.commit([...hashes, 'f'.repeat(64)])).rejects.toThrow('no longer in the store');
    await good.commit(hashes);
    await Promise.all([bad.discard(), good.discard()]);
    for (const sha256 of hashes) await blobs.read(sha256);
  });

  it('leaves nothing when the disk is full while files are read', async () => {
    const source = await writeFolder(join(temp.path, 'set'), await makeCategory('bolt'));
    let added = 0;
    const failing: BlobStore = {
      ...blobs,
      stage: async () => {
        const staging = await blobs.stage();
        return {
          ...staging,
          add: async (bytes) => {
            added += 1;
            if (added > 5) throw new Error('No space left on device');
            return staging.add(bytes);
          },
        };
      },
    };
    await expect(importDataset({ source, blobs: failing })).rejects.toThrow('No space left');
    expect(await filesBelow(blobRoot)).toEqual([]);
  });
});
