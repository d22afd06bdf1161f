/** @file Results as numpy writes them, as folders of maps, and every way in which they can be wrong. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
  writeZip,
} from '../testing/dataset-files.ts';
import { openResults } from './open-results.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const PATHS = ['bolt/test/good/0.png', 'bolt/test/scratch/0.png', 'größe/test/good/0.png'];

let temp: TempFolder;
beforeEach(async () => {
  temp = await makeTempFolder();
});
afterEach(() => temp.remove());

async function refusal(source: string, row?: number): Promise<DomainError> {
  const work = async () => {
    const results = await openResults(source);
    try {
      if (row !== undefined) await results.readMap(row);
    } finally {
      await results.close();
    }
    throw new Error('It was taken');
  };
  const error = await work().catch((thrown: unknown) => thrown);
  if (!(error instanceof DomainError)) throw error;
  expect(error.fix).not.toBe(null);
  return error;
}

/** Of .npy 1.0: a header and nothing behind it. */
function header(descr: string, shape: string): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(text)]);
}

describe('an array that would fill the memory is refused before that', () => {
  test.each([
    [
      'scores of 9 MB',
      'scores.npy',
      { 'scores.npy': Buffer.alloc(9 * 1024 ** 2) },
      'larger than 8 MB',
    ],
    [
      'a billion paths of no bytes',
      'paths.npy',
      { 'paths.npy': header('<U0', '(1000000000,)') },
      'has items of <U0',
    ],
  ])('%s', async (_, file, changes, message) => {
    const tree: Tree = {
      'paths.npy': header('<U1', '(0,)'),
      'maps.npy': header('<f4', '(0, 1, 1)'),
    };
    const source = await writeZip(join(temp.path, 'large.npz'), {
      ...tree,
      ...changes,
      'filler.bin': noise(),
    });
    const error = await refusal(source);
    expect(error.file).toBe(file);
    expect(error.message).toContain(message);
  });

  /** Hardly compresses, so that the archive as a whole is no bomb. */
  function noise(): Buffer {
    let state = 1;
    return Buffer.from(
      Uint32Array.from({ length: 20_000 }, () => {
        state = (state * 48_271) % 2_147_483_647;
        return state;
      }).buffer,
    );
  }
});

describe('an .npz that numpy wrote', () => {
  test('is read: text, scores, maps and the protocol', async () => {
    const results = await openResults(join(FIXTURES, 'plain.npz'));
    expect(results).toMatchObject({ format: 'npz', protocol: 'plumbline-256', name: 'plain.npz' });
    expect(results.rows.map(({ path, score }) => [path, score])).toEqual([
      [PATHS[0], 0.1],
      [PATHS[1], 0.9],
      [PATHS[2], -3.5],
    ]);
    const { height, width, data } = await results.readMap(1);
    expect([height, width]).toEqual([2, 4]);
    expect([...data]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]);
    await results.close();
  });

  test('is read: compressed, bytes as text, whole numbers, float16 with an axis of one', async () => {
    const results = await openResults(join(FIXTURES, 'half.npz'));
    expect(results.rows.map(({ path, score }) => [path, score])).toEqual([
      [PATHS[0], 1],
      [PATHS[1], 2],
      [PATHS[2], 3],
    ]);
    const { height, width, data } = await results.readMap(2);
    expect([height, width]).toEqual([3, 4]);
    // The last row is the smallest number that float16 has.
    const least = 2 ** -24;
    expect([...data]).toEqual([
      ...[1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875],
      ...[least, least, least, least],
    ]);
    await results.close();
  });

  test.each([
    ['pickled.npz', 'paths.npy', /unsupported type \|O/, /dtype=str/],
    ['fortran.npz', 'maps.npy', /Fortran order/, /ascontiguousarray/],
    ['big-endian.npz', 'scores.npy', /big-endian/, /astype/],
    ['short-scores.npz', 'scores.npy', /\[2\] in place of \[3\]/, /numpy\.savez/],
    ['no-maps.npz', 'maps.npy', /no array "maps", only paths, scores/, /numpy\.savez/],
  ])('%s is refused', async (name, file, message, fix) => {
    const error = await refusal(join(FIXTURES, name));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file });
    expect(error.message).toMatch(message);
    expect(error.fix).toMatch(fix);
  });

  test.each([10, 300, 1400])('cut short after %d bytes it is refused and named', async (bytes) => {
    const whole = await readFile(join(FIXTURES, 'plain.npz'));
    const path = join(temp.path, 'cut.npz');
    await writeFile(path, whole.subarray(0, bytes));
    const error = await refusal(path);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: 'cut.npz' });
    expect(error.message).toMatch(/not a readable \.npz or \.zip archive/);
    expect(error.fix).toMatch(/cut short/);
    // An upload is stored under a name that says nothing.
    await expect(openResults(path, { shownAs: 'theirs.npz' })).rejects.toMatchObject({
      file: 'theirs.npz',
      message: expect.not.stringContaining('cut.npz'),
    });
  });

  test('with an array cut short inside it is refused', async () => {
    const results = await openResults(join(FIXTURES, 'plain.npz'));
    await results.close();
    const path = await writeZip(join(temp.path, 'inner.npz'), {
      'paths.npy': Buffer.from('\x93NUMPY\x01\x00\x76\x00{', 'latin1'),
    });
    expect(await refusal(path)).toMatchObject({ file: 'paths.npy', message: /cut short/ });
  });
});

const fixture = (name: string) => readFile(join(FIXTURES, name));

function png16(values: readonly number[], width: number): Promise<Uint8Array> {
  const raw = { width, height: values.length / width, channels: 1 as const };
  return sharp(Uint16Array.from(values), { raw }).toColourspace('grey16').png().toBuffer();
}

const folder = (tree: Tree) => writeFolder(join(temp.path, 'run'), tree);

describe('a folder of maps with a table', () => {
  test('float32 TIFF keeps its values; the map is found by the name of its image', async () => {
    const values = [-1.5, 0, 1e-7, 12345.678, 0.25, 3];
    const source = await folder({
      'scores.csv': `\ufeffImage,Score\n${PATHS[0]},0.5\n"${PATHS[1]}",1e-3\n`,
      'maps/bolt/test/good/0.tiff': await fixture('float32.tiff'),
      'bolt/test/scratch/0.tif': await fixture('float32-deflate.tiff'),
      'protocol.txt': 'plumbline-256\n',
    });
    const results = await openResults(source);
    expect(results).toMatchObject({ format: 'tiff', protocol: 'plumbline-256', name: 'run' });
    expect(results.rows.map(({ score }) => score)).toEqual([0.5, 0.001]);
    const first = await results.readMap(0);
    expect(first).toMatchObject({ height: 2, width: 3 });
    expect([...first.data]).toEqual(values.map(Math.fround));
    expect(await results.readMap(1)).toEqual(first);
    await results.close();
  });

  test('16-bit PNG keeps its values, named in the column map, also in a .zip', async () => {
    const values = [0, 1, 255, 256, 40_000, 65_535];
    const path = await writeZip(join(temp.path, 'run.zip'), {
      'run/scores.csv': `path,score,map\n${PATHS[0]},7,a.png\n`,
      'run/a.png': await png16(values, 2),
    });
    const results = await openResults(path);
    expect(results).toMatchObject({ format: 'png', protocol: null, name: 'run' });
    expect([...(await results.readMap(0)).data]).toEqual(values);
    await results.close();
  });

  test('8-bit PNG keeps its values', async () => {
    const values = [0, 1, 2, 127, 128, 255];
    const raw = { width: 3, height: 2, channels: 1 as const };
    const source = await folder({
      'scores.csv': `path,score\n${PATHS[0]},7\n`,
      'bolt/test/good/0.png': await sharp(Uint8Array.from(values), { raw })
        .toColourspace('b-w')
        .png()
        .toBuffer(),
    });
    const results = await openResults(source);
    expect([...(await results.readMap(0)).data]).toEqual(values);
    await results.close();
  });

  test.each([
    ['no table', {}, 'run', /neither arrays \(\.npy\) nor a table/],
    ['two tables', { 'a.csv': 'path,score\n', 'b.csv': '' }, 'b.csv', /2 tables: a\.csv, b\.csv/],
    ['other columns', { 'a.csv': 'file,label\nx,1\n' }, 'a.csv', /has the columns file, label/],
    ['no rows', { 'a.csv': 'path,score\n' }, 'a.csv', /has no rows/],
    ['ragged rows', { 'a.csv': 'path,score\nx\n' }, 'a.csv', /not a readable table/],
    ['no path', { 'a.csv': 'path,score\n,1\n' }, 'a.csv', /line 2: there is no path/],
    ['no map', { 'a.csv': `path,score\n${PATHS[0]},1\n` }, 'bolt/test/good/0.tiff', /has no map/],
    [
      'a map outside',
      { 'a.csv': `path,score,map\n${PATHS[0]},1,../secret.png\n` },
      '../secret.png',
      /has no map/,
    ],
  ])('with %s is refused', async (_what, tree, file, message) => {
    const error = await refusal(await folder(tree));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file });
    expect(error.message).toMatch(message);
  });

  test.each([
    ['a colored picture', 'a.png', /3 channels/],
    ['a JPEG', 'b.png', /is jpeg, not a TIFF or PNG/],
    ['a damaged one', 'c.png', /cannot be decoded/],
    ['one of float64', 'd.tiff', /cannot be decoded/],
  ])('%s is no map', async (_what, name, message) => {
    const rgb = sharp(new Uint8Array(48), { raw: { width: 4, height: 4, channels: 3 } });
    const source = await folder({
      'scores.csv': `path,score,map\n${PATHS[0]},1,${name}\n`,
      'a.png': await rgb.clone().png().toBuffer(),
      'd.tiff': await fixture('float64.tiff'),
      'b.png': await rgb.clone().jpeg().toBuffer(),
      'c.png': (
        await png16(
          Array.from({ length: 400 }, (_, i) => (i * 7919) % 65_536),
          20,
        )
      ).subarray(0, 200),
    });
    const error = await refusal(source, 0);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file: name });
    expect(error.message).toMatch(message);
  });
});
