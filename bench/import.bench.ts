/**
 * @file An import of a folder of PNGs against reading and decoding the same files with sharp, two at a time, in the same
 * process. Images are noise, 256×256, so that 5,000 of them have 1 GB. Imports write what they read, to the disk of the
 * temporary folder.
 *
 *     npm run bench -- import --json [--images 5000] [--folder <where to make them, kept and used again>]
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importDataset, openFolderBlobStore } from '@plumbline/data';
import sharp from 'sharp';
import { xorshift } from './random.ts';
import { peakRssMb, report } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    images: { type: 'string', default: '5000' },
    folder: { type: 'string' },
  },
});
const SIDE = 256;
const AT_ONCE = 2;

async function makeImages(folder: string, count: number): Promise<number> {
  const train = join(folder, 'noise', 'train', 'good');
  if (existsSync(train)) return 0;
  await mkdir(train, { recursive: true });
  const next = xorshift(1);
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < data.length; i++) data[i] = Math.floor(next() * 256);
  for (let i = 0; i < count; i++) {
    // Another image for each, without drawing all of its noise anew.
    data.set([i & 255, i >> 8, 7], (i * 3) % data.length);
    const image = sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } });
    await writeFile(join(train, `${i}.png`), await image.png({ compressionLevel: 1 }).toBuffer());
  }
  return count;
}

async function readAndDecode(folder: string): Promise<number> {
  const train = join(folder, 'noise', 'train', 'good');
  const queue = (await readdir(train)).entries();
  let bytes = 0;
  const drain = async (): Promise<void> => {
    for (const [, name] of queue) {
      const file = await readFile(join(train, name));
      bytes += file.length;
      await sharp(file).raw().toBuffer();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, drain));
  return bytes;
}

async function seconds<Result>(run: () => Promise<Result>): Promise<[number, Result]> {
  const start = performance.now();
  const result = await run();
  return [Math.round(performance.now() - start) / 1000, result];
}

async function measure(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'plumbline-import-'));
  try {
    const folder = values.folder ?? join(work, 'set');
    await makeImages(folder, Number(values.images));
    // Once unmeasured, so that neither side reads from a cold disk.
    await readAndDecode(folder);
    const [decodeSeconds, bytes] = await seconds(() => readAndDecode(folder));
    const blobs = openFolderBlobStore(join(work, 'blobs'));
    const [importSeconds, imported] = await seconds(() => importDataset({ source: folder, blobs }));
    const [againSeconds] = await seconds(() => readAndDecode(folder));
    const plain = (decodeSeconds + againSeconds) / 2;
    report('import', {
      images: imported.report.images,
      megabytes: Math.round(bytes / 1e6),
      importSeconds,
      decodeSecondsBefore: decodeSeconds,
      decodeSecondsAfter: againSeconds,
      timesDecoding: Math.round((importSeconds / plain) * 100) / 100,
      peakRssMb: peakRssMb(),
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

await measure();
