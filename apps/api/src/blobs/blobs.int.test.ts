/** @file Pictures of datasets and files of bundles. */
import { decodeImage } from '@plumbline/data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import { imageContentType } from './image-content-type.ts';

let platform: TestPlatform;
let versionUrl: string;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  versionUrl = `${platform.url}/v1/models/parts-rlr/versions/1`;
});
afterAll(() => platform?.stop());

async function firstTestSample() {
  const page = await platform.database.datasets.samples({
    name: 'parts',
    label: 'anomalous',
    offset: 0,
    limit: 1,
  });
  const [sample] = page.samples;
  if (sample === undefined) throw new Error('no sample');
  return sample;
}

test('originals come byte for byte, masks too', async () => {
  const { image, mask } = await firstTestSample();
  for (const sha256 of [image.sha256, mask?.sha256 ?? '']) {
    const response = await fetch(`${platform.url}/v1/blobs/${sha256}`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.equals(await platform.blobs.read(sha256))).toBe(true);
  }
});

test('thumbnails are WebP, never enlarged, and kept', async () => {
  const { image } = await firstTestSample();
  const url = `${platform.url}/v1/blobs/${image.sha256}?size=100`;
  const first = Buffer.from(await (await fetch(url)).arrayBuffer());
  const again = await fetch(url);
  expect(again.headers.get('content-type')).toBe('image/webp');
  expect(Buffer.from(await again.arrayBuffer()).equals(first)).toBe(true);
  expect((await decodeImage(first, 'thumbnail')).width).toBe(32);
});

test('only images of datasets are answered', async () => {
  const stray = await platform.blobs.put(await grayPng(3));
  for (const [path, status] of [
    [stray, 404],
    ['f'.repeat(64), 404],
    ['..%2f..%2fsecret', 400],
    [`${stray}?size=0`, 400],
    [`${stray}?size=5000`, 400],
  ] as const) {
    expect((await fetch(`${platform.url}/v1/blobs/${path}`)).status, path).toBe(status);
  }
});

test('files of a bundle, and nothing else that lies there', async () => {
  const card = await fetch(`${versionUrl}/files/card.md`);
  expect(card.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  expect(card.headers.get('content-disposition')).toBe('attachment; filename="card.md"');
  expect(await card.text()).toBe('# parts-rlr\n');
  const manifest = await (await fetch(`${versionUrl}/files/manifest.json`)).json();
  expect(manifest).toMatchObject({ model: 'parts-rlr', formatVersion: 1 });
  for (const file of ['secret.txt', '..%2fmanifest.json', '..', 'nothing']) {
    expect((await fetch(`${versionUrl}/files/${file}`)).status, file).toBe(404);
  }
});

test('the bundle as .zip is the same each time', async () => {
  const download = async () =>
    Buffer.from(await (await fetch(`${versionUrl}/bundle.zip`)).arrayBuffer());
  const zip = await download();
  expect((await download()).equals(zip)).toBe(true);
  const text = zip.toString('latin1');
  for (const name of ['model.onnx', 'card.md', 'manifest.json']) {
    expect(text.split(`parts-rlr-v1/${name}`)).toHaveLength(3); // local header and directory
  }
  expect(text).not.toContain('secret.txt');
  expect((await fetch(`${platform.url}/v1/models/parts-rlr/versions/9/bundle.zip`)).status).toBe(
    404,
  );
});

test('content types by the first bytes', () => {
  const typeOf = (text: string) => imageContentType(Buffer.from(text, 'latin1'));
  expect(typeOf('\x89PNG\r\n')).toBe('image/png');
  expect(typeOf('\xff\xd8\xff\xe0')).toBe('image/jpeg');
  expect(typeOf('RIFF\x01\x02\x03\nWEBPVP8')).toBe('image/webp');
  expect(typeOf('BM....')).toBe('image/bmp');
  expect(typeOf('II*\0')).toBe('image/tiff');
  expect(typeOf('MM\0*')).toBe('image/tiff');
  expect(typeOf('<svg')).toBe('application/octet-stream');
});
