/** @file Other forms of asking: a mask, several images in one request, and Amazon Lookout for Vision's. */
import { PlumblineClient } from '@plumbline/client';
import { predictionSchema } from '@plumbline/contracts';
import { decodeImage } from '@plumbline/data';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectAnomaliesSchema } from '../lookout/detect-anomalies.ts';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

type Sent = Uint8Array<ArrayBuffer> | FormData | string;

let platform: TestPlatform;
let dark: Uint8Array<ArrayBuffer>;
let bright: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'brightness' });
  dark = new Uint8Array(await grayPng(0));
  bright = new Uint8Array(await grayPng(255));
});
afterAll(() => platform?.stop());

async function post(path: string, body: Sent, headers: Record<string, string> = {}) {
  const answer = await fetch(`${platform.url}${path}`, { method: 'POST', body, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('a mask marks the pixels at or above the pixel threshold, in the size of the image', async () => {
  const client = new PlumblineClient({ url: platform.url });
  for (const [image, value] of [
    [dark, 0],
    [bright, 255],
  ] as const) {
    const { mask, width, height } = await client.predict('parts-rlr', image, { mask: true });
    const { data, ...size } = await decodeImage(Buffer.from(mask ?? '', 'base64'), 'mask.png');
    expect(size).toMatchObject({ width, height });
    expect(new Set(data)).toEqual(new Set([value]));
  }
  expect((await client.predict('parts-rlr', dark)).mask).toBeNull();
});

describe('several images in one request', () => {
  test('are answered in their order, the one that is none with its error', async () => {
    const client = new PlumblineClient({ url: platform.url });
    const broken = new TextEncoder().encode('no image');
    const answers = await client.predictTogether('parts-rlr@champion', [
      { name: 'ä dark.png', image: dark },
      { name: 'broken.png', image: broken },
      { name: 'bright.png', image: bright },
    ]);
    expect(answers).toMatchObject([
      { file: 'ä dark.png', prediction: { predictedLabel: 'normal' }, error: null },
      {
        file: 'broken.png',
        prediction: null,
        error: { code: 'INVALID_INPUT', file: 'broken.png' },
      },
      { file: 'bright.png', prediction: { predictedLabel: 'anomalous' }, error: null },
    ]);
    const single = await client.predict('parts-rlr', bright);
    expect(answers[2]?.prediction?.imageScore).toBe(single.imageScore);
  });

  const PREDICT = '/v1/models/parts-rlr/predict';
  const form = (count: number) => {
    const made = new FormData();
    for (let index = 0; index < count; index += 1) made.append('image', new Blob([dark]), 'a.png');
    return made;
  };

  test('refused as a whole: none, too many, other fields, no such model, a place that takes one', async () => {
    const other = form(1);
    other.append('category', 'part');
    const refusals = [
      [PREDICT, form(0), 400],
      [PREDICT, form(17), 400],
      [PREDICT, other, 400],
      ['/v1/models/none/predict', form(1), 404],
      [`${PREDICT}?category=screw`, form(1), 400],
      ['/v1/models/parts-rlr/normal', form(1), 400],
    ] as const;
    for (const [path, body, status] of refusals) {
      const answer = await post(path, body);
      expect(answer.status, path).toBe(status);
      expect(answer.body['error'], path).toMatchObject({ fix: expect.any(String) });
    }
    expect((await post(PREDICT, form(16))).status).toBe(200);
  });
});

describe('as clients of Amazon Lookout for Vision ask', () => {
  const DETECT = '/2020-11-20/projects/parts-rlr/models';
  const PNG = { 'content-type': 'image/png' };

  test('the answer is DetectAnomalies’, with the verdict of predict', async () => {
    const { status, body } = await post(`${DETECT}/1/detect`, bright, PNG);
    expect(status).toBe(200);
    const { DetectAnomalyResult: found } = detectAnomaliesSchema.parse(body);
    expect(found).toMatchObject({
      Source: { Type: 'direct' },
      IsAnomalous: true,
      Anomalies: [
        { Name: 'background', PixelAnomaly: { TotalPercentageArea: 0, Color: '#FFFFFF' } },
        { Name: 'anomaly', PixelAnomaly: { TotalPercentageArea: 1, Color: '#23A436' } },
      ],
    });
    expect(found.Confidence).toBeGreaterThan(0.5);
    const mask = await decodeImage(Buffer.from(found.AnomalyMask, 'base64'), 'mask.png');
    expect([...mask.data.subarray(0, 3)]).toEqual([35, 164, 54]);
    const normal = detectAnomaliesSchema.parse(
      (await post(`${DETECT}/champion/detect`, dark, PNG)).body,
    ).DetectAnomalyResult;
    expect(normal).toMatchObject({ IsAnomalous: false, Anomalies: [{ Name: 'background' }] });
  });

  test('errors have its form', async () => {
    for (const [path, body, status] of [
      [`${DETECT}/7/detect`, dark, 404],
      [`${DETECT}/0/detect`, dark, 400],
      ['/2020-11-20/projects/none/models/1/detect', dark, 404],
      [`${DETECT}/1/detect`, 'no image', 400],
    ] as const) {
      const answer = await post(path, body, PNG);
      expect(answer.status, path).toBe(status);
      expect(answer.body).toEqual({ Message: expect.any(String), Code: expect.any(String) });
    }
  });

  test('predict has answered the same all along', async () => {
    const { body } = await post('/v1/models/parts-rlr/predict', bright, PNG);
    expect(predictionSchema.parse(body).predictedLabel).toBe('anomalous');
  });
});
