/** @file Every bad archive is refused before anything of it is stored. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  makeCategory,
  makeTempFolder,
  type TempFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { refusalOf } from '../testing/refusal-of.ts';

let temp: TempFolder;

beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

const refusal = (source: string) => refusalOf(source, join(temp.path, 'blobs'));

describe('an archive', () => {
  const SWAPPED = 'bolt/train/good/7.png';
  const zipPath = () => join(temp.path, 'set.zip');

  it.each([
    ['a path that leads out', '../../../../../x/7.png', /leads out of the archive/],
    ['an absolute path', '/olt/train/good/7.png', /absolute path/],
    ['a drive path', 'C:/t/train/good/7.png', /absolute path/],
    ['backslashes', 'bolt\\train\\good\\7.png', /backslash/],
    ['an empty folder name', 'bolt//rain/good/7.png', /unusable name/],
  ])('with %s is refused', async (_what, name, message) => {
    const renamed = name.padEnd(SWAPPED.length, 'x').slice(0, SWAPPED.length);
    const source = await writeZip(zipPath(), await makeCategory('bolt'), {
      rename: { [SWAPPED]: renamed },
    });
    const error = await refusal(source);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: renamed });
    expect(error.message).toMatch(message);
  });

  it('with a symbolic link is refused', async () => {
    const tree = { ...(await makeCategory('bolt')), 'bolt/train/good/x.png': '/etc/passwd' };
    const error = await refusal(
      await writeZip(zipPath(), tree, { modes: { 'bolt/train/good/x.png': 0o120777 } }),
    );
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: 'bolt/train/good/x.png' });
    expect(error.message).toContain('symbolic link');
  });

  it('with a name twice is refused', async () => {
    const source = await writeZip(zipPath(), await makeCategory('bolt'), {
      rename: { [SWAPPED]: 'bolt/train/good/8.png' },
    });
    const error = await refusal(source);
    expect(error.file).toBe('bolt/train/good/8.png');
    expect(error.message).toContain('appears twice');
  });

  it('with an encrypted entry is refused', async () => {
    const source = await writeZip(zipPath(), { [SWAPPED]: 'x' });
    await patch(source, (bytes) => {
      bytes.writeUInt16LE(bytes.readUInt16LE(6) | 1, 6);
      const central = bytes.indexOf('PK\u0001\u0002');
      bytes.writeUInt16LE(bytes.readUInt16LE(central + 8) | 1, central + 8);
    });
    const error = await refusal(source);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: SWAPPED });
    expect(error.message).toContain('encrypted');
  });

  it('that unpacks to far more than its size is refused before it is read', async () => {
    const tree = { ...(await makeCategory('bolt')), 'bolt/huge.txt': new Uint8Array(20_000_000) };
    const error = await refusal(await writeZip(zipPath(), tree));
    expect(error.code).toBe('TOO_LARGE');
    expect(error.message).toContain('200 times its size');
  });

  it('that claims more than 50 GB is refused', async () => {
    const source = await writeZip(zipPath(), await makeCategory('bolt'));
    await patch(source, (bytes) => {
      for (
        let at = bytes.indexOf('PK\u0001\u0002');
        at >= 0;
        at = bytes.indexOf('PK\u0001\u0002', at + 4)
      ) {
        // Deflated, so that the two sizes may differ.
        bytes.writeUInt16LE(8, at + 10);
        bytes.writeUInt32LE(0xfffffffe, at + 24);
      }
    });
    const error = await refusal(source);
    expect(error.code).toBe('TOO_LARGE');
    expect(error.message).toContain('50 GB');
  });

  it('with a damaged entry is refused', async () => {
    const source = await writeZip(zipPath(), await makeCategory('bolt'));
    await patch(source, (bytes) => {
      const at = bytes.indexOf(SWAPPED) + SWAPPED.length;
      for (let i = 60; i < 80; i++) bytes[at + i]! ^= 0x55;
    });
    const error = await refusal(source);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: SWAPPED });
    expect(error.message).toContain('damaged');
  });

  it.each([
    ['of 0 bytes', '', /empty \(0 bytes\)/],
    ['that is a text file', 'hello', /not a readable \.zip/],
  ])('%s is refused', async (_what, content, message) => {
    await writeFile(zipPath(), content);
    const error = await refusal(zipPath());
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: 'set.zip' });
    expect(error.message).toMatch(message);
  });

  it('cut short is refused', async () => {
    const source = await writeZip(zipPath(), await makeCategory('bolt'));
    await patch(source, (bytes) => bytes.subarray(0, bytes.length / 2));
    expect((await refusal(source)).message).toMatch(/not a readable \.zip/);
  });
});

async function patch(path: string, change: (bytes: Buffer) => unknown): Promise<void> {
  const bytes = await readFile(path);
  const changed = change(bytes);
  await writeFile(path, changed instanceof Buffer ? changed : bytes);
}
