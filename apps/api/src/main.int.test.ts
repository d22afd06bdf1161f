/** @file The API as a process of its own: how it says where it is, and how it ends. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { runSql } from '@plumbline/db/testing';
import { forkTypeScript } from '@plumbline/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grayPng } from './testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from './testing/test-platform.ts';

/** Its database and home; its own API has nothing to do. */
let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform?.stop());

function startApi(variables: Record<string, string> = {}): {
  child: ChildProcess;
  output: () => string;
} {
  const child = forkTypeScript(new URL('./main.ts', import.meta.url), [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      NODE_ENV: 'test',
      PATH: process.env['PATH'],
      PLUMBLINE_HOME: platform.home.root,
      DATABASE_URL: platform.databaseUrl,
      ...variables,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
  return { child, output: () => text };
}

async function listening({ child, output }: ReturnType<typeof startApi>): Promise<string> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`It ended: ${output()}`)));
  const [message] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  expect(message).toMatchObject({
    type: 'listening',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  return (message as { url: string }).url;
}

test('listens, says where twice, and ends by SIGTERM', async () => {
  const api = startApi({ PLUMBLINE_CODE_VERSION: 'abc123' });
  const { child, output } = api;
  const url = await listening(api);
  const status = await (await fetch(`${url}/v1/system/status`)).json();
  expect(status).toMatchObject({ codeVersion: 'abc123', version: '0.1.0' });
  expect(output()).toContain(JSON.stringify({ type: 'listening', url }));
  child.kill('SIGTERM');
  // With code 1 it would have been cut off.
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('what it has answered is recorded when SIGTERM ends it at once', async () => {
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  const api = startApi();
  const url = await listening(api);
  const answer = await fetch(`${url}/v1/models/parts-rlr/predict`, {
    method: 'POST',
    body: new Uint8Array(await grayPng(51)),
    headers: { 'content-type': 'image/png' },
  });
  expect(answer.status).toBe(200);
  api.child.kill('SIGTERM');
  const { inspection } = (await answer.json()) as { inspection: string };
  expect(await once(api.child, 'exit')).toEqual([0, null]);
  const recorded = `SELECT key AS inspection FROM "Inspection" WHERE "modelName" = 'parts-rlr'`;
  expect(await runSql(platform.databaseUrl, recorded)).toEqual([{ inspection }]);
});

test('ends when its parent goes', async () => {
  const api = startApi();
  const { child } = api;
  await listening(api);
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each([
  [{ PLUMBLINE_API_HOST: '0.0.0.0' }, /would listen on 0\.0\.0\.0.*\n.*PLUMBLINE_API_KEY/],
  [{ PLUMBLINE_API_KEY: 'short' }, /PLUMBLINE_API_KEY has 5 characters/],
  [{ DATABASE_URL: '' }, /DATABASE_URL is not set/],
])('refuses to start with %o', async (variables, message) => {
  const { child, output } = startApi(variables);
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(output()).toMatch(message);
});
