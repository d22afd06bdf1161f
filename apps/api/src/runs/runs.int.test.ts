/** @file What can't be trained is refused when it is asked for, and leaves nothing in the queue. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorBody } from '@plumbline/contracts';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppRouter } from '../router.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
let client: ReturnType<typeof createTRPCClient<AppRouter>>;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${platform.url}/trpc` })] });
});
afterAll(() => platform?.stop());

type Input = Parameters<typeof client.runs.start.mutate>[0];

async function refusal(input: Omit<Input, 'dataset'> & { dataset?: string }): Promise<ErrorBody> {
  const before = (await client.runs.list.query()).length;
  const error = await client.runs.start
    .mutate({ dataset: 'parts', ...input })
    .catch((thrown: unknown) => thrown);
  expect(await client.runs.list.query()).toHaveLength(before);
  if (!(error instanceof TRPCClientError)) throw new Error('It was accepted.');
  return (error.data as { plumbline: ErrorBody }).plumbline;
}

describe('a run that can’t be trained', () => {
  test('RLR at 64 px: says which sizes and strides work', async () => {
    const settings = { imageSizePx: 64 };
    expect(
      await refusal({ method: 'rlr', preset: 'tiny', backbone: 'compact', settings }),
    ).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'settings.imageSizePx',
      message: expect.stringMatching(/RLR can't be trained at 64 px.*4×4 grid/),
      fix: 'Choose the image size 128 or 256 or 384 or 448 or 512, or feature taps of stride 4, 8.',
    });
  });

  test('the same with a file that nobody has opened', async () => {
    const backbone = join(platform.home.root, 'resnet.onnx');
    await writeFile(backbone, 'not opened here');
    const input = { method: 'rlr', preset: 'tiny', backbone } as const;
    expect(await refusal({ ...input, settings: { imageSizePx: 64 } })).toMatchObject({
      field: 'settings.imageSizePx',
    });
    expect(await client.runs.start.mutate({ dataset: 'parts', ...input })).toMatchObject({
      status: 'queued',
    });
  });

  test('tiles that are too many, for a model, for training or for a file, or that nothing could draw', async () => {
    const tiles = (tileRows: number, tileColumns: number) => ({ tileRows, tileColumns });
    expect(await refusal({ method: 'stfpm', settings: tiles(8, 8) })).toMatchObject({
      field: 'settings.tileRows',
      message: expect.stringMatching(/64 tiles. Give at most 32/),
    });
    const turned = { ...tiles(4, 6), imageSizePx: 512, rotations: 4 };
    expect(await refusal({ settings: turned })).toMatchObject({
      field: 'settings.imageSizePx',
      message: expect.stringMatching(/96 pictures of 512 px.*at most 32/),
    });
    expect(
      await refusal({ method: 'padim', preset: 'paper', settings: tiles(4, 4) }),
    ).toMatchObject({
      field: 'settings.tileRows',
      message: expect.stringMatching(/16 tiles with 64×64 positions would take 2648 MB/),
    });
    expect(await refusal({ method: 'rlr', decoder: true, settings: tiles(1, 2) })).toMatchObject({
      field: 'decoder',
    });
  });

  test('heads that do not divide a width', async () => {
    const settings = { heads: 7 };
    expect(await refusal({ method: 'rlr', backbone: 'compact', settings })).toMatchObject({
      field: 'settings.heads',
      message: expect.stringMatching(/32×32 level has a width of 128.*not a multiple of 7 heads/),
    });
  });

  test('settings of another method, by the names of its own', async () => {
    const error = await refusal({ method: 'patchcore', settings: { layers: 2 } });
    expect(error).toMatchObject({
      field: 'settings.layers',
      message: expect.stringMatching(/PatchCore has imageSizePx, .* It is a setting of RLR/),
    });
    expect(await refusal({ method: 'padim', decoder: true })).toMatchObject({ field: 'decoder' });
  });

  test('taps that the backbone does not have, and a backbone that is not there', async () => {
    for (const backbone of ['standard', 'resnet18'])
      expect(await refusal({ backbone, featureTaps: ['layer9'] })).toMatchObject({
        field: 'featureTaps',
        fix: expect.stringContaining('layer2 (128 channels, stride 8)'),
      });
    for (const backbone of ['resnet19', '/no/such/file.onnx', '/etc/hostname', 'file.onnx'])
      expect(await refusal({ backbone })).toMatchObject({ field: 'backbone' });
    // Its publisher's hash is not known, and nobody has confirmed one.
    expect(await refusal({ backbone: 'tf_efficientnet_b0' })).toMatchObject({ field: 'backbone' });
  });

  test('images with fewer pixels than the grid has places, at a size where they have', async () => {
    const input = { method: 'padim', backbone: 'standard', preset: 'paper' } as const;
    expect(await refusal({ ...input, settings: { imageSizePx: 512 } })).toMatchObject({
      file: expect.stringMatching(/^part\//),
      message: expect.stringMatching(/smaller than the 128×128 feature grid/),
    });
    expect(
      await client.runs.start.mutate({
        dataset: 'parts',
        ...input,
        settings: { imageSizePx: 128 },
      }),
    ).toBeDefined();
  });

  test.each([-3, 1.5, null])('seed %s', async (seed) => {
    const error = await refusal({ seed: seed as number });
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'seed' });
    expect(error.message).toContain('0 to 2147483647');
  });

  test('no such dataset', async () => {
    expect(await refusal({ dataset: 'none' })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('the image size is a setting of every method', async () => {
  for (const method of ['patchcore', 'padim', 'rlr'] as const)
    expect(
      await client.runs.start.mutate({
        dataset: 'parts',
        method,
        settings: { imageSizePx: 128 },
        preset: 'tiny',
      }),
    ).toMatchObject({ method, status: 'queued' });
});

test('an estimate starts nothing, and refuses what a start refuses', async () => {
  const before = (await client.runs.list.query()).length;
  const input = { dataset: 'parts', method: 'patchcore', backbone: 'standard' } as const;
  const estimate = await client.runs.estimate.mutate(input);
  expect(estimate.runs).toBe(0);
  expect(estimate.seconds).toBeGreaterThan(estimate.lowSeconds);
  expect(await client.runs.list.query()).toHaveLength(before);
  const refused = client.runs.estimate.mutate({
    ...input,
    settings: { imageSizePx: 512 },
    featureTaps: ['none'],
  });
  await expect(refused).rejects.toThrow(/no feature tap "none"/);
});
