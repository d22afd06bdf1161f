/** @file A change of drift reaches the webhook's receiver: signed, again after a failure, and nowhere else. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Database, openDatabase, type QueueWorker, startQueueWorker } from '@plumbline/db';
import { createTestDatabase, runSql, type TestDatabase } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shortJobHandlers } from '../job-handlers.ts';

const SECRET = 'of the receiver and us';
const OWNER = { model: 'nuts', version: 1 };

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: TestDatabase;
let database: Database;
let receiver: Server;
let worker: QueueWorker;
const received: Received[] = [];
/** Of the next requests; 204 after them. */
const answers: number[] = [];

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  await runSql(
    server.url,
    `INSERT INTO "Dataset" (name, version) VALUES ('nuts', 1);
     INSERT INTO "Model" (name, "datasetName") VALUES ('nuts', 'nuts');
     INSERT INTO "ModelVersion" ("modelName", version, "runId", manifest, "bundleHash", "bundleDirectory", "sizeBytes")
     VALUES ('nuts', 1, 'r', '{}', 'h', 'd', 0)`,
  );
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, body });
      response.writeHead(answers.shift() ?? 204, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const webhook = { url: `http://127.0.0.1:${port}/drift`, secret: SECRET };
  worker = await startQueueWorker({
    url: server.url,
    trainerId: 'trainer',
    retryDelaysMs: [50, 50],
    handlers: {},
    shortHandlers: shortJobHandlers({ database, webhook }),
  });
});
afterAll(async () => {
  await worker?.stop();
  receiver?.close();
  await database?.close();
  await server?.stop();
});

function becomes(state: 'ok' | 'drifted', webhook = true): Promise<void> {
  const check = { category: 'part', state, features: [] } as const;
  return database.drift.check(OWNER, { at: new Date(), webhook }, () => [check]);
}

const deliveries = () =>
  runSql(server.url, 'SELECT status, attempts FROM "WebhookDelivery" ORDER BY "createdAt"');

test('what becomes ok for want of anything else, and what nobody listens for, is no message', async () => {
  await becomes('ok');
  await becomes('drifted', false);
  await becomes('ok', false);
  expect(await deliveries()).toEqual([]);
  expect(await database.drift.events(OWNER)).toHaveLength(3);
});

test('a message is signed, and sent again until it is taken', async () => {
  // A redirect is not followed: it counts as not taken.
  answers.push(500, 302);
  await becomes('drifted');
  await becomes('drifted');
  await expect
    .poll(deliveries, { timeout: 20_000 })
    .toEqual([{ status: 'succeeded', attempts: 3 }]);
  expect(received.map(({ url }) => url)).toEqual(['/drift', '/drift', '/drift']);
  const [first, , last] = received;
  expect(last?.body).toBe(first?.body);
  for (const { headers, body } of received) {
    const id = String(headers['webhook-id']);
    const signed = `${id}.${String(headers['webhook-timestamp'])}.${body}`;
    const digest = createHmac('sha256', SECRET).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${digest}`);
    expect(JSON.parse(body)).toMatchObject({
      ...{ type: 'drift.changed', id, model: 'nuts', version: 1, category: 'part' },
      ...{ from: 'ok', to: 'drifted', page: '/models/nuts/1/monitoring', measured: [] },
      text: expect.stringContaining('nuts version 1, category part: drifted'),
    });
  }
});

test('after the last attempt it has failed, and says why', async () => {
  answers.push(503, 503, 503);
  await becomes('ok');
  await expect
    .poll(deliveries, { timeout: 20_000 })
    .toContainEqual({ status: 'failed', attempts: 3 });
});
