/** @file What is left of an answer that breaks off. */
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientFor } from './api-client.ts';
import { requireWritable, saveBody } from './save-body.ts';

const server = createServer((request, response) => {
  response.writeHead(200, { 'content-length': 100 });
  if (request.url === '/whole') response.end('a'.repeat(100));
  else if (request.url === '/slow') response.write('a');
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

it('says which file can not be written, before and after', async () => {
  for (const [path, code] of [
    [join('none', 'results.csv'), 'ENOENT'],
    ['a'.repeat(250), 'ENAMETOOLONG'],
    ['folder', 'EISDIR'],
  ] as const) {
    const file = join(folder, path);
    if (code === 'EISDIR') await mkdir(file);
    const refusal = { code: 'INVALID_INPUT', message: `${file} can't be written: ${code}.` };
    await expect(save('/whole', file)).rejects.toMatchObject(refusal);
    await expect(save('/whole', file)).rejects.toThrow(
      expect.objectContaining({ fix: expect.stringContaining('Again.') }),
    );
    await expect(requireWritable(file)).rejects.toMatchObject(refusal);
  }
  await requireWritable(join(folder, 'results.csv'));
  expect((await readdir(folder)).sort()).toEqual(['folder', 'results.csv']);
});

it('leaves nothing when it is stopped, and stops', async () => {
  const file = join(folder, 'stopped.csv');
  const raised = vi.spyOn(process, 'kill').mockReturnValue(true);
  const saving = save('/slow', file);
  await vi.waitFor(async () =>
    expect(await readdir(folder)).toContain(`stopped.csv.partial-${process.pid}`),
  );
  process.emit('SIGINT', 'SIGINT');
  expect(await readdir(folder)).not.toContain(`stopped.csv.partial-${process.pid}`);
  expect(raised).toHaveBeenCalledWith(process.pid, 'SIGINT');
  raised.mockRestore();
  server.closeAllConnections();
  await expect(saving).rejects.toThrow();
});
