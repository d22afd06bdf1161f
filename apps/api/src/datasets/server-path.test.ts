/** @file Which paths on the server's disk who may import from: real folders, links among them. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { LOOPBACK, type Principal } from '../access/principal.ts';
import { assertServerPath } from './server-path.ts';

const ENGINEER: Principal = { kind: 'key', role: 'engineer', name: 'line-3', id: '3' };
/** A server that nobody listens at. */
const NOWHERE = { endpoint: 'http://127.0.0.1:9', region: null };
let disk: string;

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), 'plumbline-roots-'));
  await mkdir(join(disk, 'data', 'parts'), { recursive: true });
  await mkdir(join(disk, 'data-of-others'));
  await writeFile(join(disk, 'data', 'parts.zip'), '');
  await writeFile(join(disk, 'data', 'parts.txt'), '');
  await symlink(join(disk, 'data-of-others'), join(disk, 'data', 'link'));
  await symlink(join(disk, 'data'), join(disk, 'root-link'));
});
afterAll(() => rm(disk, { recursive: true, force: true }));

const ask = (path: string, principal = ENGINEER, roots: string[] | null = [join(disk, 'data')]) =>
  assertServerPath({ importRoots: roots, principal, s3: NOWHERE }, path, ['.zip']);

it('lets everyone import from the folders that are allowed', async () => {
  for (const path of ['data', 'data/parts', 'data/parts.zip', 'root-link/parts'])
    await ask(join(disk, path));
  await ask(join(disk, 'data', 'parts'), ENGINEER, ['/nowhere', join(disk, 'root-link')]);
});

it.each(['', 'data-of-others', 'data/../data-of-others', 'data/link', 'data-of-others/none'])(
  'lets nobody import from elsewhere: %s',
  async (path) => {
    for (const principal of [ENGINEER, LOOPBACK])
      await expect(ask(join(disk, path), principal)).rejects.toMatchObject({
        code: 'FORBIDDEN',
        field: 'source.path',
        fix: expect.stringContaining(join(disk, 'data')),
      });
  },
);

it('lets only admins import from the disk where no folder is named, whether or not something is there', async () => {
  await ask(join(disk, 'data', 'parts'), LOOPBACK, null);
  for (const path of ['data/parts', 'none'])
    await expect(ask(join(disk, path), ENGINEER, null)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      fix: expect.stringContaining('PLUMBLINE_IMPORT_ROOTS'),
    });
});

it.each([
  ['parts', 'is not absolute'],
  ['data/none', 'There is nothing at'],
  ['data/parts.txt', 'is not a folder or .zip file'],
])('says what is wrong with %s', async (path, message) => {
  const full = path === 'parts' ? path : join(disk, path);
  await expect(ask(full)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(message),
  });
});

it('lets nobody import from a bucket that is not allowed', async () => {
  const roots = [join(disk, 'data'), 's3://parts/line-3'];
  for (const path of ['s3://parts', 's3://parts/line-30', 's3://other/line-3', 's3://parts/line'])
    for (const principal of [ENGINEER, LOOPBACK])
      await expect(ask(path, principal, roots)).rejects.toMatchObject({
        ...{ code: 'FORBIDDEN', field: 'source.path' },
        fix: expect.stringContaining('s3://parts/line-3'),
      });
  await expect(ask('s3://parts/line-3', ENGINEER, null)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    fix: expect.stringContaining('PLUMBLINE_IMPORT_ROOTS'),
  });
  for (const path of ['s3://parts/line-3/../x', 's3://parts//line-3', 's3://PARTS', 's3://'])
    await expect(ask(path, LOOPBACK, null)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('no address of a bucket'),
    });
});

it('asks the server of a bucket that is allowed', async () => {
  const credentials = { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
  for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
  for (const path of ['s3://parts/line-3', 's3://parts/line-3/today/'])
    await expect(ask(path, ENGINEER, ['s3://parts/line-3/'])).rejects.toMatchObject({
      ...{ code: 'UNAVAILABLE', field: 'source.path' },
      message: expect.stringContaining('does not answer'),
    });
  vi.unstubAllEnvs();
});
