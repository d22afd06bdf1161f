/** @file Several files that can't be imported are named together. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  makeCategory,
  makeTempFolder,
  type TempFolder,
  writeFolder,
} from '../testing/dataset-files.ts';
import { refusalOf } from '../testing/refusal-of.ts';

let temp: TempFolder;
beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

const broken = async (count: number) => {
  const tree = await makeCategory('bolt');
  for (let i = 0; i < count; i++) tree[`bolt/test/good/broken-${i}.png`] = 'not an image';
  return refusalOf(await writeFolder(join(temp.path, 'set'), tree), join(temp.path, 'blobs'));
};

it('several files at fault are named at once', async () => {
  const error = await broken(7);
  expect(error).toMatchObject({ code: 'INVALID_INPUT', file: 'bolt/test/good/broken-0.png' });
  expect(error.message).toMatch(/^7 files can't be imported\. /);
  for (let i = 0; i < 7; i++) expect(error.message).toContain(`broken-${i}.png`);
  expect(error.message.match(/not an image/g)).toHaveLength(5);
  expect(error.fix).toContain('Repair or remove them');
});

it('files at fault end the import when there are many', async () => {
  expect((await broken(60)).message).toMatch(/^At least 20 files can't be imported\. /);
});
