/** @file Bundles in a folder and in a bucket of a real S3 server: written, read, streamed, as files, listed and removed alike. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type PlatformHome, platformHome } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStores } from '../objects/open-stores.ts';
import { sha256Of } from '../store/sha256.ts';
import { type S3Server, s3Program, startS3Server, TEST_CREDENTIALS } from '../testing/s3-server.ts';
import type { Bundle, BundleFile, BundleStore, StoredBundle } from './bundle-store.ts';

const program = s3Program();
if (program === null)
  console.warn('No versitygw: the tests of bundles in S3 are skipped. See testing/s3-server.ts.');
let root: string;
let server: S3Server | null = null;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plumbline-bundles-'));
  Object.assign(process.env, TEST_CREDENTIALS);
  if (program !== null) server = await startS3Server(program, join(root, 's3'));
});
afterAll(async () => {
  await server?.kill();
  await rm(root, { recursive: true, force: true });
});

interface Opened {
  readonly home: PlatformHome;
  readonly bundles: BundleStore;
}

/** Of a machine with that name; buckets are shared. */
function openBundles(isBucket: boolean, machine: string): Opened {
  const home = platformHome(join(root, machine));
  const setting = isBucket ? server?.setting : ({ kind: 'folder' } as const);
  if (setting === undefined) throw new Error('There is no S3 server.');
  return { home, bundles: openStores(home, setting).bundles };
}

const FILES: readonly BundleFile[] = [
  { name: 'model.onnx', bytes: Buffer.alloc(300_000, 'weights') },
  { name: 'card.md', bytes: Buffer.from('# parts\n') },
  { name: 'manifest.json', bytes: Buffer.from('{}\n') },
];

function stored(directory: string): StoredBundle {
  const files = FILES.slice(0, -1).map(({ name, bytes }) => ({
    ...{ name, sha256: sha256Of(bytes), bytes: bytes.length },
  }));
  return { directory, files };
}

async function hashOf(bundle: Bundle, name: string): Promise<string> {
  return sha256Of((await bundle.read(name)) ?? Buffer.of());
}

/** Where the server keeps an object. */
const objectFile = (key: string) => join(root, 's3', 'parts', 'home', 'bundles', key);

const STORES: readonly [string, boolean, boolean][] = [
  ['a folder', false, true],
  ['a bucket', true, program !== null],
];

for (const [title, isBucket, isThere] of STORES) {
  describe.skipIf(!isThere)(title, () => {
    it('gives the files of a bundle as bytes, as streams and as files, until it is removed', async () => {
      const { bundles } = openBundles(isBucket, title);
      const bundle = bundles.at(stored('run.1'));
      expect([await bundles.list(''), await bundle.read('card.md')]).toEqual([[], null]);
      expect(await bundle.open('model.onnx')).toBeNull();
      await bundles.write('run.1', FILES);
      await bundles.write('run.12', FILES);
      expect((await bundles.list('')).sort()).toEqual(['run.1', 'run.12']);
      for (const { name, bytes } of FILES) {
        const opened = await bundle.open(name);
        expect(opened?.bytes).toBe(bytes.length);
        if (opened !== null) expect(await buffer(opened.stream), name).toEqual(bytes);
        expect(await hashOf(bundle, name), name).toBe(sha256Of(bytes));
      }
      const path = await bundle.path('model.onnx');
      expect(await readFile(path)).toEqual(FILES[0]?.bytes);
      await bundle.keep();
      await bundles.remove('run.1');
      await bundles.remove('run.1');
      expect([await bundles.list('run.'), await bundle.read('manifest.json')]).toEqual([
        ...[['run.12'], null],
      ]);
      await bundles.remove('run.12');
    });

    it('has nothing of a bundle of which a file could not be written', async () => {
      const { bundles } = openBundles(isBucket, title);
      const bad = {
        name: 'no/../name',
        get bytes(): Uint8Array {
          throw new Error('no such weights');
        },
      };
      await expect(bundles.write('run.2', [...FILES, bad])).rejects.toThrow();
      expect(await bundles.list('run.2')).toEqual([]);
    });
  });
}

it('uses the files of a folder where they are', async () => {
  const { home, bundles } = openBundles(false, 'in place');
  await bundles.write('run.1', FILES);
  expect(await bundles.at(stored('run.1')).path('model.onnx')).toBe(
    join(home.bundles, 'run.1', 'model.onnx'),
  );
  expect(await readdir(home.root)).toEqual(['bundles']);
});

describe.skipIf(program === null)('a bucket', () => {
  it('serves another machine, also while the server is away, and says which file is out of reach', async () => {
    await openBundles(true, 'trainer').bundles.write('shared.1', FILES);
    const { bundles } = openBundles(true, 'server');
    const bundle = bundles.at(stored('shared.1'));
    const path = await bundle.path('model.onnx');
    expect(path.startsWith(join(root, 'server', 'cache', 'store'))).toBe(true);
    await server?.kill();
    expect(await bundle.path('model.onnx')).toBe(path);
    expect(await hashOf(bundle, 'model.onnx')).toBe(sha256Of(await readFile(path)));
    const away = {
      code: 'UNAVAILABLE',
      message: expect.stringMatching(
        /^s3:\/\/parts\/home\/bundles\/shared\.1\/card\.md on http:.* does not answer/,
      ),
      fix: expect.stringContaining('AWS_ENDPOINT_URL_S3'),
    };
    for (const way of ['read', 'open', 'path'] as const)
      await expect(bundle[way]('card.md')).rejects.toMatchObject(away);
    await server?.start();
    expect(await bundle.read('card.md')).not.toBeNull();
  });

  it('gives nobody the end of a file whose bytes changed', async () => {
    const { bundles } = openBundles(true, 'damaged');
    await bundles.write('damaged.1', FILES);
    await writeFile(objectFile('damaged.1/model.onnx'), Buffer.alloc(300_000, 'others'));
    const bundle = bundles.at(stored('damaged.1'));
    const damaged = {
      code: 'DEFECT',
      message: expect.stringContaining('s3://parts/home/bundles/damaged.1/model.onnx'),
    };
    await expect(bundle.read('model.onnx')).rejects.toMatchObject(damaged);
    await expect(bundle.path('model.onnx')).rejects.toMatchObject(damaged);
    let passed = 0;
    const reading = (async () => {
      const opened = await bundle.open('model.onnx');
      for await (const chunk of opened?.stream ?? []) passed += (chunk as Uint8Array).length;
    })();
    await expect(reading).rejects.toMatchObject(damaged);
    expect(passed).toBeLessThan(300_000);
  });

  it('finds, lists and removes a bundle that is in the home from before', async () => {
    const { home, bundles } = openBundles(true, 'before');
    const folder = join(home.bundles, 'old.1');
    await mkdir(folder, { recursive: true });
    for (const { name, bytes } of FILES) await writeFile(join(folder, name), bytes);
    const bundle = bundles.at(stored('old.1'));
    expect(await bundle.path('model.onnx')).toBe(join(folder, 'model.onnx'));
    expect(await bundle.read('card.md')).toEqual(FILES[1]?.bytes);
    expect(await bundles.list('old')).toEqual(['old.1']);
    await bundles.remove('old.1');
    expect([await bundles.list('old'), await bundle.read('card.md')]).toEqual([[], null]);
  });
});
