/** @file What is left of an answer that breaks off. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientFor } from './api-client.ts';
import { saveBody } from './save-body.ts';

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-length': 100 });
  if (request.url === '/whole') response.end('a'.repeat(100));
  else breakOff(response);
});
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-save-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function breakOff(response: ServerResponse): void {
  response.write('a'.repeat(50), () => response.destroy());
}

const save = (path: string, file: string) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return saveBody({ url, api: clientFor(url), record: null }, { path, file, fix: 'Again.' });
};

it('keeps the file of before when the answer breaks off, and nothing of the answer', async () => {
  const file = join(folder, 'results.csv');
  expect(await save('/whole', file)).toBe(100);
  await expect(save('/half', file)).rejects.toMatchObject({ code: 'UNAVAILABLE', fix: 'Again.' });
  expect(await readFile(file, 'utf8')).toBe('a'.repeat(100));
  expect(await readdir(folder)).toEqual(['results.csv']);
});

it('says which file can not be written', async () => {
  const file = join(folder, 'none', 'results.csv');
  await expect(save('/whole', file)).rejects.toMatchObject({
    ...{ code: 'INVALID_INPUT', message: `${file} can't be written: ENOENT.` },
  });
});
