/** @file Archives and images made to do harm, kind by kind: refused with the file and a fix, or taken as what they are; bounded memory, nothing outside of the store. */
import { execFileSync } from 'node:child_process';
import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { DomainError } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset } from '../import/import-dataset.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import {
  filesBelow,
  makeImage,
  makeTempFolder,
  type TempFolder,
  type Tree,
  writeFolder,
} from '../testing/dataset-files.ts';
import { bmp, chunk, frames, loopingTiff, png, svg } from '../testing/hostile-pictures.ts';
import { type RawArchive, type RawEntry, rawZip } from '../testing/raw-zip.ts';

let temp: TempFolder;
let image: Buffer;
beforeAll(async () => {
  temp = await makeTempFolder();
  image = Buffer.from(await makeImage(1));
});
afterAll(() => temp.remove());

/** Resident memory that all of this may add to that of the process, MiB. */
const MEMORY_MIB = 350;
const startRssKib = process.resourceUsage().maxRSS;
const TAKEN = 'taken';
const isLinux = process.platform === 'linux';

/** Imports it: `taken`, or the message of the refusal, which says how to fix it and leaves nothing. */
async function outcomeOf(source: string): Promise<string> {
  const root = join(temp.path, `blobs-${Math.random()}`);
  try {
    await importDataset({ source, blobs: openFolderBlobStore(root) });
    return TAKEN;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.fix).not.toBeNull();
    expect(await filesBelow(root)).toEqual([]);
    return error.message;
  }
}

async function outcomeOfZip(bytes: Buffer): Promise<string> {
  const source = join(temp.path, 'hostile.zip');
  await writeFile(source, bytes);
  return outcomeOf(source);
}

const named = (name: string | Buffer, more: Partial<RawEntry> = {}): readonly RawEntry[] => [
  { name: 'good.png', data: image },
  { name, data: 'x', ...more },
];
/** Of 20 MB: in an archive of a few KB. */
const zeros = Buffer.alloc(20_000_000);
const long = (length: number): string => 'x'.repeat(length);

type Kind = readonly [string, () => readonly RawEntry[], RegExp | string, RawArchive?];

const ARCHIVES: readonly Kind[] = [
  ['a path that leads out', () => named('../../x.png'), /leads out/],
  ['a path that leads out further in', () => named('a/../../x.png'), /leads out/],
  ['an absolute path', () => named('/tmp/x.png'), /absolute path/],
  ['a path on a drive', () => named('C:/x.png'), /absolute path/],
  ['a path relative to a drive', () => named('C:x.png'), /absolute path/],
  ['backslashes that lead out', () => named('..\\..\\x.png'), /backslash/],
  ['a network path', () => named('\\\\host\\share\\x.png'), /backslash/],
  ['no name', () => named(''), /unusable name/],
  ['an empty folder name', () => named('a//x.png'), /unusable name/],
  ['a name with a zero byte', () => named('x.png\0.txt'), /unusable name/],
  ['a name with a line break', () => named('x\n.png'), /unusable name/],
  ['a name that reads from right to left', () => named('x\u202egnp.exe'), /unusable name/],
  ['a name of 300 bytes', () => named(`${long(300)}.png`), /longer than 255 bytes/],
  ['a path of 60,000 bytes', () => named(`${'a/'.repeat(30_000)}x.png`), /longer than 4096 bytes/],
  ['a name that is no UTF-8', () => named(Buffer.from([0x78, 0xff, 0xfe, 0x2e, 0x74])), TAKEN],
  [
    'a symbolic link',
    () => named('x.png', { data: '/etc/passwd', mode: 0o120777 }),
    /symbolic link/,
  ],
  ['a link to a folder', () => named('x/', { data: '/etc', mode: 0o120777 }), /symbolic link/],
  ['a named pipe', () => named('x.png', { mode: 0o010644 }), /not a regular file/],
  ['a device', () => named('x.png', { mode: 0o020666 }), /not a regular file/],
  ['a name twice', () => named('good.png'), /appears twice/],
  ['names that differ in case', () => named('GOOD.png'), /upper and lower case/],
  ['a file that is a folder too', () => named('good.png/x.txt'), /is a file and a folder/],
  [
    'names of Windows devices',
    () => [
      { name: 'CON.png', data: image },
      { name: 'nul', data: '' },
    ],
    TAKEN,
  ],
  ['a folder with content', () => named('folder/', { data: 'x' }), TAKEN],
  ['20 MB of zeros', () => named('x.txt', { data: zeros, method: 8 }), /200 times its size/],
  [
    'more than it claims',
    () => [{ name: 'x.png', data: zeros, method: 8, claims: { bytes: 500 } }],
    /damaged/,
  ],
  [
    'a thousand times what it claims',
    () => [{ name: 'x.png', data: zeros, method: 8, claims: { bytes: 20_000 } }],
    /damaged/,
  ],
  [
    'less than it claims',
    () => [{ name: 'x.png', data: image, method: 8, claims: { bytes: image.length + 900 } }],
    /damaged/,
  ],
  [
    'a claim of 4 GB',
    () => named('x.png', { method: 8, claims: { bytes: 0xfffffffe } }),
    /200 times its size/,
  ],
  [
    'claims of 60 GB',
    () =>
      Array.from({ length: 15 }, (_, i) => ({
        name: `${i}.png`,
        method: 8,
        claims: { bytes: 0xfffffff0 },
      })),
    /more than 50 GB/,
  ],
  [
    'one content for 500 entries',
    () => [
      { name: 'x.png', data: zeros.subarray(0, 50_000), method: 8 },
      ...Array.from({ length: 500 }, (_, i) => ({
        name: `${i}.png`,
        data: zeros.subarray(0, 50_000),
        method: 8,
        claims: { offset: 0 },
      })),
    ],
    /200 times its size/,
  ],
  [
    'an archive in an archive',
    () => [{ name: 'x.zip', data: rawZip(named('y.png')) }],
    /another archive/,
  ],
  ['a password', () => named('x.png', { flags: 0x801, method: 8 }), /encrypted/],
  ['an unknown compression', () => named('x.png', { method: 12 }), /unknown compression/],
  ['a wrong checksum', () => [{ name: 'x.png', data: image, claims: { crc: 1 } }], /damaged/],
  [
    'an entry outside of the archive',
    () => [
      { name: 'x.png', data: image },
      { name: 'y.png', claims: { offset: 9_999_999 } },
    ],
    /damaged/,
  ],
  [
    '65,534 entries',
    () => Array.from({ length: 65_534 }, (_, i) => ({ name: `${i}/x.txt` })),
    /No dataset layout/,
  ],
  [
    '65,535 entries by its own account',
    () => named('x.txt'),
    /not a readable \.zip/,
    { count: 65_535 },
  ],
  ['fewer entries than it counts', () => named('x.txt'), /not a readable \.zip/, { count: 900 }],
  [
    'a directory outside of the file',
    () => named('x.txt'),
    /not a readable \.zip/,
    { directoryAt: 0x7fffffff },
  ],
  [
    'a picture before it',
    () => [{ name: 'x.png', data: image }],
    TAKEN,
    { prefix: Buffer.from('GIF89a;') },
  ],
];

describe('an archive with', () => {
  it.each(
    ARCHIVES.map(([kind, entries, expected, archive]) => ({ kind, entries, expected, archive })),
  )('$kind', async ({ entries, expected, archive }) => {
    expect(await outcomeOfZip(rawZip(entries(), archive))).toMatch(expected);
  });

  it.each([
    ['nothing', () => Buffer.alloc(0), /empty \(0 bytes\)/],
    ['text', () => Buffer.from('hello'), /not a readable \.zip/],
    ['a tarball', () => gzipSync(Buffer.alloc(2048)), /not a readable \.zip/],
    ['half of an archive', () => rawZip(named('x.png')).subarray(0, 90), /not a readable \.zip/],
  ])('%s in it', async (_kind, bytes, expected) => {
    expect(await outcomeOfZip(bytes())).toMatch(expected);
  });
});

describe('a picture that is', () => {
  it.each([
    ['144 megapixels of nothing', () => png(12_000, 12_000, 0), /more than 100 megapixels/],
    [
      '65,535 pixels a side by its header',
      () => png(65_535, 65_535, 1),
      /more than 100 megapixels/,
    ],
    [
      'a bitmap of 4 gigapixels by its header',
      () => bmp(65_535, 65_535),
      /more than 100 megapixels|100 megapixels/,
    ],
    ['a bitmap of a negative width', () => bmp(-5, 9), /BMP that is not supported/],
    ['99 megapixels of which one row is there', () => png(9_900, 10_000, 1), /cannot be decoded/],
    ['an SVG that reads a file', () => svg('<text>&x;</text>'), /Entity 'x' not defined/],
    ['a compressed SVG', () => gzipSync(svg('')), /is svg|not an image/],
    ['a PDF', () => '%PDF-1.4\n%%EOF', /not an image|cannot be decoded|is pdf/],
    ['a web page', () => '<html><script>alert(1)</script></html>', /not an image/],
    ['an animation', frames, /2 pages or frames/],
    ['a TIFF that leads to itself', loopingTiff, /cannot be decoded|not an image/],
    [
      'an image with a web page in its text',
      () => png(9, 9, 9, [chunk('tEXt', Buffer.from('Comment\0<script>'))]),
      TAKEN,
    ],
    [
      'an image whose text unpacks to 50 MB',
      () =>
        png(9, 9, 9, [
          chunk(
            'zTXt',
            Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(50_000_000))]),
          ),
        ]),
      /^taken$|cannot be decoded/,
    ],
    ['an image and an archive at once', () => Buffer.concat([image, rawZip(named('../x'))]), TAKEN],
    ['a program', () => Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), /not an image/],
  ])('%s', async (kind, make, expected) => {
    const tree: Tree = { 'x.png': await make() };
    const source = await writeFolder(
      join(temp.path, `picture-${kind.length}-${Math.random()}`),
      tree,
    );
    expect(await outcomeOf(source)).toMatch(expected);
  });
});

describe('a folder with', () => {
  it.each([
    [
      'a link to a file',
      (at: string) => symlink('/etc/passwd', join(at, 'x.png')),
      /symbolic link/,
    ],
    ['a link to a folder', (at: string) => symlink('/etc', join(at, 'x')), /symbolic link/],
    [
      'a link that leads nowhere',
      (at: string) => symlink('/no/where', join(at, 'x.png')),
      /symbolic link/,
    ],
    ['a link to itself', (at: string) => symlink(at, join(at, 'x')), /symbolic link/],
  ])('%s', async (kind, change, expected) => {
    const source = await writeFolder(join(temp.path, `folder ${kind}`), { 'good.png': image });
    await change(source);
    expect(await outcomeOf(source)).toMatch(expected);
  });

  it.runIf(isLinux)('a pipe, which would never end', async () => {
    const source = await writeFolder(join(temp.path, 'pipe'), { 'good.png': image });
    execFileSync('mkfifo', [join(source, 'x.png')]);
    expect(await outcomeOf(source)).toMatch(/not a regular file/);
  });
});

it('all of it leaves nothing outside of its folder, and takes bounded memory', async () => {
  const outside = (await readdir(join(temp.path, '..'))).filter((name) => /^x(\.png)?$/.test(name));
  expect(outside).toEqual([]);
  expect((process.resourceUsage().maxRSS - startRssKib) / 1024).toBeLessThan(MEMORY_MIB);
});
