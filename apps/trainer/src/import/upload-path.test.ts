/** @file Uploads of this machine, and of others that share a store with it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayPass, platformHome } from '@plumbline/contracts';
import { openStores } from '@plumbline/data';
import { afterAll, expect, it } from 'vitest';
import { filesOf } from './upload-path.ts';

const root = mkdtempSync(join(tmpdir(), 'plumbline-uploads-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const home = platformHome(root);
const folder = openStores(home, { kind: 'folder' });
const bucket = openStores(home, {
  ...({ kind: 's3', bucket: 'parts', prefix: '' } as const),
  ...{ endpoint: 'http://127.0.0.1:9', region: null, cacheBytes: 1 },
});

it('leaves an upload that another machine has taken to a trainer there', () => {
  mkdirSync(home.uploads);
  writeFileSync(join(home.uploads, 'here'), 'zip');
  const pathOf = (stores: typeof folder, uploadId: string) =>
    filesOf({ home, stores }, { kind: 'upload', uploadId });
  for (const stores of [folder, bucket]) {
    expect(pathOf(stores, 'here')).toBe(join(home.uploads, 'here'));
    expect(() => pathOf(stores, '../here')).toThrow('no upload with this id');
  }
  expect(pathOf(folder, 'gone')).toBe(join(home.uploads, 'gone'));
  const thrown = (() => {
    try {
      return pathOf(bucket, 'there');
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('on another machine'),
    fix: expect.stringContaining('s3://'),
  });
  expect(mayPass(thrown)).toBe(true);
});
