/**
 * @file Imports of a folder of PNGs, as the trainer does them, against reading and decoding the same files with sharp, as many at a
 * time, in the same process: by turns, so that a machine that slows down slows both. Images are noise, 256×256, so that 5,000 of them
 * have 1 GB. Imports write what they read, to the disk of the temporary folder, where it stays until the end: ext4 without a journal
 * makes files slowly for 35 seconds after others were deleted. Seconds of the processor, all threads together, hold on a machine that is busy too.
 *
 *     npm run bench -- import --json [--images 5000] [--rounds 3] [--zip] [--folder <where to make them, kept and used again>]
 */
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { importDataset, openFolderBlobStore, openKeptLooks } from '@plumbline/data';
import sharp from 'sharp';
import { xorshift } from './random.ts';
import { peakRssMb, report } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    images: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string' },
    zip: { type: 'boolean', default: false },
  },
});
const SIDE = 256;
/** As an import does. */
const AT_ONCE = 2 * Math.max(2, availableParallelism());
/** Microseconds to make an empty file, at rest: some 15. */
const FAST = 22;
const PROBES = 50;
const TRIES = 12;
const BETWEEN_TRIES_MS = 5000;

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

/** Deflated, by the program of that name. */
async function zipOf(folder: string, work: string): Promise<string> {
  const file = join(work, 'set.zip');
  await promisify(execFile)('zip', ['-q', '-r', file, '.'], { cwd: folder });
  return file;
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

interface Timed {
  readonly seconds: number;
  /** Of the processor. */
  readonly cpuSeconds: number;
}

async function timed(run: () => Promise<unknown>): Promise<Timed> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: Math.round(performance.now() - start) / 1000,
    cpuSeconds: Math.round((user + system) / 1000) / 1000,
  };
}

/** @returns Microseconds for one. */
async function makeFiles(work: string): Promise<number> {
  const folder = await mkdtemp(join(work, 'probe-'));
  const start = performance.now();
  for (let i = 0; i < PROBES; i++) writeFileSync(join(folder, `${i}`), '');
  return Math.round(((performance.now() - start) * 1000) / PROBES);
}

/** Waits until the disk makes files fast. */
async function untilFilesAreMadeFast(work: string): Promise<number> {
  for (let tried = 1; ; tried++) {
    const micros = await makeFiles(work);
    if (micros <= FAST || tried === TRIES) return micros;
    await setTimeout(BETWEEN_TRIES_MS);
  }
}

/** The middle one of the rounds: each import over the mean of decoding before and after it. */
function times(of: keyof Timed, imports: readonly Timed[], decodes: readonly Timed[]): number {
  const ratios = imports.map((one, i) => (2 * one[of]) / (decodes[i]![of] + decodes[i + 1]![of]));
  return Math.round(ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]! * 100) / 100;
}

const listed = (of: keyof Timed, all: readonly Timed[]): string =>
  all.map((one) => one[of]).join(' ');

async function measure(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'plumbline-import-'));
  try {
    const folder = values.folder ?? join(work, 'set');
    await makeImages(folder, Number(values.images));
    const source = values.zip ? await zipOf(folder, work) : folder;
    // Once unmeasured, so that neither side reads from a cold disk.
    const bytes = await readAndDecode(folder);
    const microsForAFile = [await untilFilesAreMadeFast(work)];
    const imports: Timed[] = [];
    const decodes = [await timed(() => readAndDecode(folder))];
    for (let round = 0; round < Number(values.rounds); round++) {
      const own = join(work, `${round}`);
      const [blobs, looks] = [openFolderBlobStore(own), openKeptLooks(`${own}-looks`)];
      imports.push(await timed(() => importDataset({ source, blobs, looks })));
      microsForAFile.push(await makeFiles(work));
      decodes.push(await timed(() => readAndDecode(folder)));
    }
    report('import', {
      images: Number(values.images),
      megabytes: Math.round(bytes / 1e6),
      microsForAFile: microsForAFile.join(' '),
      importSeconds: listed('seconds', imports),
      decodeSeconds: listed('seconds', decodes),
      timesDecoding: times('seconds', imports, decodes),
      importCpuSeconds: listed('cpuSeconds', imports),
      decodeCpuSeconds: listed('cpuSeconds', decodes),
      timesDecodingCpu: times('cpuSeconds', imports, decodes),
      peakRssMb: peakRssMb(),
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

await measure();
