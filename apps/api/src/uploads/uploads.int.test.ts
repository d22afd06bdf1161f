/** @file Resumable uploads over the tus protocol, to the import that uses one. */
import { createWriteStream } from 'node:fs';
import { readdir, readFile, rm, stat, statfs, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { importDataset } from '@plumbline/data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { writeDatasetFolder } from '../testing/dataset-folder.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { UploadStore } from './upload-store.ts';

let platform: TestPlatform;
let archive: Buffer;

beforeAll(async () => {
  platform = await startTestPlatform();
  archive = await zipDataset();
});
afterAll(() => platform?.stop());

async function zipDataset(): Promise<Buffer> {
  const folder = join(platform.home.root, 'zip-source');
  await writeDatasetFolder(folder);
  const zip = new ZipFile();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) zip.addFile(path, path.slice(folder.length + 1));
  }
  zip.end();
  const file = join(platform.home.root, 'source.zip');
  await pipeline(zip.outputStream, createWriteStream(file));
  return readFile(file);
}

function create(filename: string | null, length: number): Promise<Response> {
  const metadata: Record<string, string> =
    filename === null
      ? {}
      : { 'upload-metadata': `filename ${Buffer.from(filename).toString('base64')}` };
  return fetch(`${platform.url}/v1/uploads`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': String(length), ...metadata },
  });
}

function append(location: string, offset: number, bytes: Uint8Array): Promise<Response> {
  return fetch(`${platform.url}${location}`, {
    method: 'PATCH',
    body: bytes,
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    },
  });
}

async function offsetOf(location: string): Promise<number> {
  const response = await fetch(`${platform.url}${location}`, {
    method: 'HEAD',
    headers: { 'tus-resumable': '1.0.0' },
  });
  return Number(response.headers.get('upload-offset'));
}

/** Asking the API would end the request that is under way: the protocol says so. */
async function untilWritten(location: string, bytes: number): Promise<void> {
  const path = join(platform.home.uploads, basename(location));
  await expect.poll(async () => (await stat(path)).size).toBe(bytes);
}

function startImport(uploadId: string): Promise<Response> {
  return fetch(`${platform.url}/v1/imports`, {
    method: 'POST',
    body: JSON.stringify({ name: 'uploaded', source: { kind: 'upload', uploadId } }),
    headers: { 'content-type': 'application/json' },
  });
}

test('an upload that breaks off is resumed and imported', async () => {
  const created = await create('Parts.ZIP', archive.length);
  expect(created.status).toBe(201);
  const location = created.headers.get('location') ?? '';
  const uploadId = location.split('/').at(-1) ?? '';
  expect(location).toBe(`/v1/uploads/${uploadId}`);

  const half = Math.floor(archive.length / 2);
  expect((await append(location, 0, archive.subarray(0, half))).status).toBe(204);
  expect(await offsetOf(location)).toBe(half);
  const early = await startImport(uploadId);
  expect(early.status).toBe(400);
  expect(await early.json()).toMatchObject({
    error: { field: 'source.uploadId', message: expect.stringContaining('not finished') },
  });

  expect((await append(location, 0, archive)).status).toBe(409); // from the wrong offset
  expect((await append(location, half, archive.subarray(half))).status).toBe(204);
  expect(await offsetOf(location)).toBe(archive.length);

  expect(await (await startImport(uploadId)).json()).toMatchObject({ status: 'queued' });
  const source = join(platform.home.uploads, uploadId);
  expect((await readFile(source)).equals(archive)).toBe(true);
  const { report } = await importDataset({ source, blobs: platform.blobs });
  expect(report.images).toBe(12);
});

test('a connection cut in the middle leaves what arrived', async () => {
  const location = (await create('parts.zip', archive.length)).headers.get('location') ?? '';
  const controller = new AbortController();
  const part = archive.subarray(0, 1000);
  const body = new ReadableStream({
    pull(stream) {
      stream.enqueue(part);
      void untilWritten(location, part.length).then(() => controller.abort());
      return new Promise(() => undefined);
    },
  });
  const cut = fetch(`${platform.url}${location}`, {
    method: 'PATCH',
    body,
    duplex: 'half',
    signal: controller.signal,
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
  } as RequestInit);
  await expect(cut).rejects.toThrow();
  await expect.poll(() => offsetOf(location), { timeout: 60_000 }).toBe(part.length);
  expect((await append(location, part.length, archive.subarray(part.length))).status).toBe(204);
});

test('only .zip files are taken, and no more than the disk holds', async () => {
  for (const filename of ['parts.tar', 'zip', null]) {
    const refused = await create(filename, 10);
    expect(refused.status).toBe(415);
    expect(JSON.parse(await refused.text())).toMatchObject({
      error: { code: 'UNSUPPORTED', field: 'filename' },
    });
  }
  expect((await create('parts.zip', Number.MAX_SAFE_INTEGER)).status).toBe(413);
});

test('uploads are not served, and can be given up', async () => {
  const location = (await create('parts.zip', archive.length)).headers.get('location') ?? '';
  await append(location, 0, archive);
  expect((await fetch(`${platform.url}${location}`)).status).toBe(405);
  const removed = await fetch(`${platform.url}${location}`, {
    method: 'DELETE',
    headers: { 'tus-resumable': '1.0.0' },
  });
  expect(removed.status).toBe(204);
  expect((await startImport(location.split('/').at(-1) ?? '')).status).toBe(400);
});

test('what one upload declares is no room for the next', async () => {
  const { bavail, bsize } = await statfs(platform.home.uploads);
  const most = Math.min(Math.floor(bavail * bsize * 0.6), 50 * 1024 ** 3);
  // On a disk with room for several of the largest uploads others have to be declared first.
  const fits = Math.ceil((bavail * bsize) / most);
  const statuses: number[] = [];
  const locations: string[] = [];
  for (let i = 0; i < fits; i++) {
    const created = await create('parts.zip', most);
    statuses.push(created.status);
    locations.push(created.headers.get('location') ?? '');
  }
  expect(statuses.at(0)).toBe(201);
  expect(statuses.at(-1)).toBe(413);
  const [first = ''] = locations;
  const headers = { 'tus-resumable': '1.0.0' };
  await fetch(`${platform.url}${first}`, { method: 'DELETE', headers });
  expect((await create('parts.zip', most)).status).toBe(201);
  const left = await readdir(platform.home.uploads);
  for (const name of left.filter((file) => file.endsWith('.zip')))
    await fetch(`${platform.url}/v1/uploads/${name}`, { method: 'DELETE', headers });
});

test('an upload says how large it is, and no more than 50 GB', async () => {
  expect((await create('parts.zip', 51 * 1024 ** 3)).status).toBe(413);
  const metadata = `filename ${Buffer.from('parts.zip').toString('base64')}`;
  const deferred = await fetch(`${platform.url}/v1/uploads`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-defer-length': '1', 'upload-metadata': metadata },
  });
  expect(deferred.status).toBe(400);
});

test('uploads that nothing used for a week are removed, awaited and recent ones stay', async () => {
  const begin = async (bytes: number) => {
    const location = (await create('parts.zip', archive.length)).headers.get('location') ?? '';
    await append(location, 0, archive.subarray(0, bytes));
    const id = location.split('/').at(-1) ?? '';
    return { id, path: join(platform.home.uploads, id) };
  };
  const age = (path: string) => utimes(path, 0, 0);
  const [finished, recent, old, imported, awaited] = [
    await begin(archive.length),
    await begin(100),
    await begin(100),
    await begin(archive.length),
    await begin(archive.length),
  ];
  for (const { path } of [finished, old, awaited]) await age(path);
  await rm(imported.path);
  const source = { kind: 'upload', uploadId: awaited.id } as const;
  await platform.database.imports.create({ name: 'awaited', source });
  await new UploadStore(platform.home.uploads).removeAbandoned((id) =>
    platform.database.isUploadAwaited(id),
  );
  const left = await readdir(platform.home.uploads);
  for (const { id } of [awaited, recent])
    expect(left).toEqual(expect.arrayContaining([id, `${id}.json`]));
  for (const { id } of [finished, old, imported])
    expect(left.filter((file) => file.startsWith(id))).toEqual([]);
});
