/** @file What the dashboard takes for signed out. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { endSession } from './end-session.ts';

afterEach(() => {
  delete process.env['PLUMBLINE_API_URL'];
});

it('nobody is signed out unless the API says so', async () => {
  let status = 204;
  const api = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  process.env['PLUMBLINE_API_URL'] = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  const ended = (): Promise<boolean> => endSession('Bearer plumbs_x', '127.0.0.1');
  expect(await ended()).toBe(true);
  status = 401;
  expect(await ended()).toBe(true);
  status = 503;
  expect(await ended()).toBe(false);
  await new Promise((resolve) => api.close(resolve));
  expect(await ended()).toBe(false);
});
