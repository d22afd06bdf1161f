import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findImages } from './find-images.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-found-'));
  const files = [
    'b/2.JPG',
    'b/1.png',
    'a.tif',
    'notes.txt',
    '.hidden.png',
    '@eaDir/b.png',
    'c/1.png',
  ];
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), '');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('finds the images of a folder by name, without what systems leave there', async () => {
  const names = async (...given: string[]) =>
    (await findImages(given)).images.map(({ name }) => name);
  expect(await names(folder)).toEqual(['a.tif', 'b/1.png', 'b/2.JPG', 'c/1.png']);
  expect(await names(join(folder, 'b'), join(folder, 'a.tif'))).toEqual([
    ...['1.png', '2.JPG', join(folder, 'a.tif')],
  ]);
});

it('leaves out the masks of a dataset, but not those that are given themselves', async () => {
  const root = join(folder, 'masked');
  const mask = join(root, 'bolt', 'ground_truth', 'scratch', '0_mask.png');
  for (const file of [join(root, 'bolt', 'test', 'scratch', '0.png'), mask]) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '');
  }
  const found = await findImages([root]);
  expect(found.images.map(({ name }) => name)).toEqual(['bolt/test/scratch/0.png']);
  expect(found.masks).toEqual([mask]);
  expect((await findImages([mask])).images).toHaveLength(1);
  await rm(root, { recursive: true });
});

it('refuses paths that are not there, folders without images, and two images of one name', async () => {
  await expect(findImages([join(folder, 'none')])).rejects.toMatchObject({
    ...{ code: 'NOT_FOUND', message: expect.stringMatching(/none can't be read: .*no such file/) },
  });
  await mkdir(join(folder, 'empty'));
  await expect(findImages([join(folder, 'empty')])).rejects.toThrow(/There is no image in/);
  await expect(findImages([join(folder, 'b'), join(folder, 'c')])).rejects.toThrow(
    /have one name: 1.png/,
  );
});
