/** @file Datasets below a prefix of a bucket, on a real S3 server, which `testing/s3-server.ts` finds. */
import { appendFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Access } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset } from '../import/import-dataset.ts';
import { surveySource } from '../import/survey-source.ts';
import { s3Client } from '../objects/s3-client.ts';
import { uploadBytes } from '../objects/s3-upload.ts';
import { openFolderBlobStore } from '../store/blob-store.ts';
import { filesBelow, makeCategory, type Tree, writeFolder } from '../testing/dataset-files.ts';
import { type S3Server, s3Program, startS3Server, TEST_CREDENTIALS } from '../testing/s3-server.ts';
import { assertInBucket } from './bucket.ts';

const program = s3Program();
if (program === null)
  console.warn('No versitygw: imports from buckets are skipped. See testing/s3-server.ts.');
let root: string;
let server: S3Server;
let s3: S3Access;
let tree: Tree;

/** The only bucket of the test server. */
const BUCKET = 'parts';

async function put(prefix: string, files: Tree): Promise<string> {
  const ask = s3Client({ ...server.setting, prefix: '' });
  for (const [path, content] of Object.entries(files))
    await uploadBytes(ask, { Bucket: BUCKET, Key: `${prefix}/${path}` }, [Buffer.from(content)]);
  return `s3://${BUCKET}/${prefix}`;
}

const importFrom = (source: string, onProgress = () => {}) =>
  importDataset({ source, s3, blobs: openFolderBlobStore(join(root, 'blobs')), onProgress });

describe.skipIf(program === null)('a prefix of a bucket', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'plumbline-bucket-'));
    Object.assign(process.env, TEST_CREDENTIALS);
    server = await startS3Server(program ?? '', join(root, 's3'));
    s3 = server.setting;
    tree = {
      ...(await makeCategory('Prüfling 3')),
      ...(await makeCategory('bolt', { shade: 60 })),
    };
  });
  afterAll(async () => {
    await server?.kill();
    await rm(root, { recursive: true, force: true });
  });

  it('is imported like the folder of the same files, and nothing beside it is', async () => {
    const source = await put('line 3/today', tree);
    await put('line 3/today-not', { 'broken.png': 'no image' });
    const folder = await writeFolder(join(root, 'today'), tree);
    const expected = await importDataset({
      source: folder,
      blobs: openFolderBlobStore(join(root, 'blobs-of-folder')),
    });
    for (const same of [source, `${source}/`]) {
      const imported = await importFrom(same);
      expect(imported.hash).toBe(expected.hash);
      expect(imported.report).toEqual(expected.report);
    }
    const names = (await surveySource(source, { s3 })).folders.map(({ path }) => path);
    expect(names).toEqual((await surveySource(folder)).folders.map(({ path }) => path));
  });

  it('is refused with what to do: nothing there, no such bucket, wrong credentials, a broken image', async () => {
    const source = await put('refused', { ...tree, 'bolt/train/good/0.png': 'no image' });
    await expect(importFrom(source)).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', file: 'bolt/train/good/0.png' },
    });
    for (const path of [`${source}.zip`, 's3://parts/refuse']) {
      await expect(importFrom(path)).rejects.toMatchObject({
        ...{ code: 'NOT_FOUND', field: 'source.path', fix: expect.stringContaining('prefix') },
      });
    }
    const refusal = (bucket: string, prefix = '') => assertInBucket({ bucket, prefix }, s3);
    await expect(refusal(BUCKET, 'refused/')).resolves.toBeUndefined();
    await expect(refusal(BUCKET, 'none/')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(refusal('nobodys')).rejects.toMatchObject({
      message: expect.stringContaining('no bucket "nobodys"'),
      fix: expect.stringContaining('correct the path'),
    });
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong';
    await expect(refusal(BUCKET)).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', fix: expect.stringContaining('may list and read there') },
    });
    Object.assign(process.env, TEST_CREDENTIALS);
    expect(await filesBelow(join(root, 'blobs', 'staging'))).toEqual([]);
  });

  it('is refused when it changes during the import', async () => {
    const last = Object.keys(tree).sort().at(-1) ?? '';
    // As the server has it, at once.
    const stored = join(root, 's3', BUCKET, 'changing', last);
    for (const change of [() => appendFileSync(stored, 'more'), () => rmSync(stored)]) {
      const source = await put('changing', tree);
      let isChanged = false;
      const importing = importFrom(source, () => {
        if (!isChanged) change();
        isChanged = true;
      });
      await expect(importing).rejects.toMatchObject({
        ...{ code: 'INVALID_INPUT', file: last },
        message: expect.stringContaining('was changed in the bucket'),
      });
    }
  });
});
