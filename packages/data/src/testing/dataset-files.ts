/** @file Small real datasets for tests: images, trees of files, folders and .zip archives. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { ZipFile } from 'yazl';

/** Contents by path. */
export type Tree = Record<string, Uint8Array | string>;

export interface TempFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function makeTempFolder(): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), 'plumbline-data-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** An image of its own for every `shade` (0 to 255), with a gradient so that a cut loses something. */
export async function makeImage(
  shade: number,
  options: {
    width?: number;
    height?: number;
    format?: 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif';
  } = {},
): Promise<Uint8Array> {
  const { width = 24, height = 16, format = 'png' } = options;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = (shade + i * 7 + ((i * i) % 31)) % 256;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** A mask whose first `marked` pixels are 255. */
export async function makeMask(marked = 20, width = 24, height = 16): Promise<Uint8Array> {
  const data = new Uint8Array(width * height).fill(255, 0, marked);
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** A sound category: training images, two normal test images, two anomalous ones with masks. */
export async function makeCategory(
  name: string,
  options: { train?: number; shade?: number } = {},
): Promise<Tree> {
  const { train = 10, shade = 0 } = options;
  const tree: Tree = {};
  for (let i = 0; i < train; i++) tree[`${name}/train/good/${i}.png`] = await makeImage(shade + i);
  for (let i = 0; i < 2; i++) {
    tree[`${name}/test/good/${i}.png`] = await makeImage(shade + 100 + i);
    tree[`${name}/test/scratch/${i}.png`] = await makeImage(shade + 110 + i);
    tree[`${name}/ground_truth/scratch/${i}_mask.png`] = await makeMask(20 + i);
  }
  return tree;
}

export async function writeFolder(root: string, tree: Tree): Promise<string> {
  await mkdir(root, { recursive: true });
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

export interface ZipOptions {
  /** Unix modes by path. */
  readonly modes?: Record<string, number>;
  /** Names to put in place of others of the same length, since the writer refuses bad ones. */
  readonly rename?: Record<string, string>;
  /** False leaves out the mark that names are UTF-8, as macOS does. */
  readonly saysUtf8?: boolean;
}

export async function writeZip(
  path: string,
  tree: Tree,
  options: ZipOptions = {},
): Promise<string> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(tree)) {
    const mode = options.modes?.[name];
    zip.addBuffer(Buffer.from(content), name, {
      mtime: new Date(2024, 0, 1),
      ...(mode === undefined ? {} : { mode }),
    });
  }
  zip.end();
  const bytes = await buffer(zip.outputStream);
  for (const [from, to] of Object.entries(options.rename ?? {})) replaceAll(bytes, from, to);
  if (options.saysUtf8 === false) clearUtf8Flags(bytes);
  await writeFile(path, bytes);
  return path;
}

/** Bit 11 of the flags in local headers (at 6) and in the directory (at 8). */
function clearUtf8Flags(bytes: Buffer): void {
  for (const [signature, offset] of [
    [0x04034b50, 6],
    [0x02014b50, 8],
  ] as const) {
    const mark = Buffer.alloc(4);
    mark.writeUInt32LE(signature);
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1))
      bytes.writeUInt16LE(bytes.readUInt16LE(at + offset) & ~0x800, at + offset);
  }
}

function replaceAll(bytes: Buffer, from: string, to: string): void {
  if (from.length !== to.length) throw new Error(`${from} and ${to} differ in length`);
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1))
    bytes.write(to, at, 'latin1');
}

/** Files below a folder, none if it does not exist. */
export async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
