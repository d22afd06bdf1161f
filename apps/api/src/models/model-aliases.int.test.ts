/** @file Aliases over HTTP: set, asked by, moved without a gap, taken back, removed, and in the way of a deletion. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let png: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts' });
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'darkness' });
  png = new Uint8Array(await grayPng(51));
});
afterAll(() => platform?.stop());

const aliases = '/v1/models/parts-rlr/aliases';

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${platform.url}${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
}

async function predict(reference: string, query = '') {
  const answer = await fetch(`${platform.url}/v1/models/${reference}/predict${query}`, {
    method: 'POST',
    body: png,
    headers: { 'content-type': 'image/png' },
  });
  const body = (await answer.json()) as { modelVersion?: number; error?: { code: string } };
  return { status: answer.status, version: body.modelVersion, code: body.error?.code };
}

test('champion is the promoted version; others are set, asked by, moved and taken back', async () => {
  expect((await ask('GET', aliases)).body).toEqual([
    { alias: 'champion', version: 1, by: null, at: null },
  ]);
  const set = await ask('PUT', `${aliases}/challenger`, { version: 2 });
  expect(set).toMatchObject({ status: 200, body: { version: 2, replaced: null } });
  expect(await predict('parts-rlr@challenger')).toMatchObject({ status: 200, version: 2 });
  expect(await predict('parts-rlr@champion')).toMatchObject({ version: 1 });
  expect(await predict('parts-rlr:2')).toMatchObject({ version: 2 });
  const { served, inference } = platform.server;
  expect(inference.isHeld('parts-rlr/@challenger', await served.get('parts-rlr', 2))).toBe(true);

  expect(await ask('PUT', `${aliases}/challenger`, { version: 1 })).toMatchObject({
    body: { version: 1, replaced: 2 },
  });
  expect(await predict('parts-rlr@challenger')).toMatchObject({ version: 1 });
  // Promoted besides, so it stays when the alias goes back.
  expect(await ask('PUT', `${aliases}/challenger`, { version: 2 })).toMatchObject({ status: 200 });
  expect(inference.isHeld('parts-rlr/promoted', await served.get('parts-rlr', 1))).toBe(true);
  expect(await ask('PUT', `${aliases}/champion`, { version: 2 })).toMatchObject({
    body: { alias: 'champion', version: 2, replaced: 1 },
  });
  expect(await predict('parts-rlr')).toMatchObject({ version: 2 });
});

test('the Open Inference Protocol knows them too', async () => {
  const metadata = await ask('GET', '/v2/models/parts-rlr@challenger/ready');
  expect(metadata).toMatchObject({ status: 200, body: { name: 'parts-rlr', ready: true } });
  expect((await ask('GET', '/v2/models/parts-rlr@challenger/versions/1')).status).toBe(400);
});

test('every answer while an alias moves is of the one or the other', async () => {
  let isOver = false;
  const answers: Awaited<ReturnType<typeof predict>>[] = [];
  const asking = (async () => {
    while (!isOver) answers.push(await predict('parts-rlr@challenger'));
  })();
  for (let move = 0; move < 10; move += 1) {
    const version = move % 2 === 0 ? 1 : 2;
    expect((await ask('PUT', `${aliases}/challenger`, { version })).status).toBe(200);
    expect(await predict('parts-rlr@challenger')).toMatchObject({ status: 200, version });
  }
  isOver = true;
  await asking;
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test('it stands in the way of its version’s deletion, and can be removed', async () => {
  await ask('PUT', `${aliases}/champion`, { version: 1 });
  const refused = await ask('DELETE', '/v1/models/parts-rlr/versions/2');
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
  expect(refused.body.error.message).toContain('answers for the alias challenger');
  expect((await ask('DELETE', `${aliases}/champion`)).status).toBe(409);
  expect(await ask('DELETE', `${aliases}/challenger`)).toMatchObject({
    status: 200,
    body: [{ alias: 'champion', version: 1 }],
  });
  expect(await predict('parts-rlr@challenger')).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect((await ask('DELETE', `${aliases}/challenger`)).status).toBe(404);
  expect((await ask('DELETE', '/v1/models/parts-rlr/versions/2')).status).toBe(200);
});

test('what can’t be set is refused with what to do', async () => {
  expect((await ask('PUT', `${aliases}/latest`, { version: 1 })).status).toBe(400);
  expect((await ask('PUT', `${aliases}/spare`, { version: 9 })).status).toBe(404);
  expect((await ask('GET', '/v1/models/none/aliases')).status).toBe(404);
  expect(await predict('parts-rlr@challenger', '?version=1')).toMatchObject({ status: 400 });
});
