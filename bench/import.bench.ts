/**
 * @file An import of a folder of PNGs, as the trainer does it, against reading and decoding the same files with sharp, as many at a
 * time, in the same process, before and after it. Images are noise, 256×256, so that 5,000 of them have 1 GB. Imports write what
 * they read, to the disk of the temporary folder. Seconds of the processor, all threads together, hold on a machine that is busy too.
 *
 *     npm run bench -- import --json [--images 5000] [--folder <where to make them, kept and used again>]
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { importDataset, openFolderBlobStore, openKeptLooks } from '@plumbline/data';
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
/** As an import does. */
const AT_ONCE = Math.max(2, availableParallelism());

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

interface Timed<Result> {
  readonly seconds: number;
  /** Of the processor. */
  readonly cpuSeconds: number;
  readonly result: Result;
}

async function timed<Result>(run: () => Promise<Result>): Promise<Timed<Result>> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await run();
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: Math.round(performance.now() - start) / 1000,
    cpuSeconds: Math.round((user + system) / 1000) / 1000,
    result,
  };
}

const times = (value: number, a: number, b: number): number =>
  Math.round((value / ((a + b) / 2)) * 100) / 100;

async function measure(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'plumbline-import-'));
  try {
    const folder = values.folder ?? join(work, 'set');
    await makeImages(folder, Number(values.images));
    // Once unmeasured, so that neither side reads from a cold disk.
    await readAndDecode(folder);
    const before = await timed(() => readAndDecode(folder));
    const blobs = openFolderBlobStore(join(work, 'blobs'));
    const looks = openKeptLooks(join(work, 'looks'));
    const imported = await timed(() => importDataset({ source: folder, blobs, looks }));
    const peakMb = peakRssMb();
    const after = await timed(() => readAndDecode(folder));
    report('import', {
      images: imported.result.report.images,
      megabytes: Math.round(before.result / 1e6),
      importSeconds: imported.seconds,
      decodeSecondsBefore: before.seconds,
      decodeSecondsAfter: after.seconds,
      timesDecoding: times(imported.seconds, before.seconds, after.seconds),
      importCpuSeconds: imported.cpuSeconds,
      decodeCpuSecondsBefore: before.cpuSeconds,
      decodeCpuSecondsAfter: after.cpuSeconds,
      timesDecodingCpu: times(imported.cpuSeconds, before.cpuSeconds, after.cpuSeconds),
      peakRssMb: peakMb,
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

await measure();
