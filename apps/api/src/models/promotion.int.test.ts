/** @file Promotion over HTTP: what it would change, what it replaced, who did it, and the way back. */
import {
  promotionEventSchema,
  promotionPreviewSchema,
  promotionSchema,
  UNDEFINED_METRICS,
} from '@plumbline/contracts';
import { protocolFor } from '@plumbline/eval';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
const versions = '/v1/models/parts-rlr/versions';

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  const shared = { model: 'parts-rlr', dataset: 'parts' };
  await platform.publish({ ...shared, imageAuroc: 0.9 });
  await platform.publish({
    ...shared,
    imageAuroc: 0.95,
    manifest: { mean: { ...UNDEFINED_METRICS, imageAuroc: 0.95 } },
  });
  await platform.publish({ ...shared, protocol: protocolFor(128) });
});
afterAll(() => platform?.stop());

async function get(path: string): Promise<unknown> {
  return (await fetch(`${platform.url}${path}`)).json();
}

async function promote(version: number) {
  const answer = await fetch(`${platform.url}${versions}/${version}/promote`, { method: 'POST' });
  return promotionSchema.parse(await answer.json());
}

test('shows the version that serves beside the one that would, and changes nothing', async () => {
  const preview = promotionPreviewSchema.parse(await get(`${versions}/2/promotion`));
  expect(preview).toMatchObject({
    from: { version: 1, method: 'rlr', backbone: 'compact', mean: { imageAuroc: 0.9 } },
    to: { version: 2, mean: { imageAuroc: 0.95, pixelAuroc: null }, barred: null },
    comparable: true,
    differences: [],
  });
  expect(preview.to.thresholdNotes).toEqual([
    'Thresholds that come from only 4 held-out images each: part. Add normal training images to make them more certain.',
  ]);
  expect(await get('/v1/models/parts-rlr/promotions')).toHaveLength(1);
});

test('says why two versions are not comparable', async () => {
  const preview = promotionPreviewSchema.parse(await get(`${versions}/3/promotion`));
  expect(preview).toMatchObject({
    comparable: false,
    differences: [
      { label: 'Image size', here: '256 × 256 px', there: '128 × 128 px' },
      { label: 'Evaluation size' },
    ],
  });
});

test('answers what it replaced; promoting that one again takes it back', async () => {
  expect(await promote(2)).toMatchObject({ version: 2, promoted: true, replaced: 1 });
  expect(await promote(2)).toMatchObject({ version: 2, replaced: 2 });
  expect(await promote(1)).toMatchObject({ version: 1, promoted: true, replaced: 2 });
  const events = z.array(promotionEventSchema).parse(await get('/v1/models/parts-rlr/promotions'));
  expect(events).toMatchObject([
    { version: 1, replaced: 2, by: 'this machine' },
    { version: 2, replaced: 1, by: 'this machine' },
    { version: 1, replaced: null, by: 'training run' },
  ]);
});

test('asks for nothing that is not there', async () => {
  expect(await get(`${versions}/9/promotion`)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  expect(await get('/v1/models/none/promotions')).toMatchObject({ error: { code: 'NOT_FOUND' } });
});
