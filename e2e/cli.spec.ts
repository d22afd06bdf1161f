import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Batch,
  CORE_METRIC_NAMES,
  type DatasetDetail,
  leaderboardSchema,
  type ModelVersion,
  type Prediction,
  type Run,
  type RunResult,
} from '@plumbline/contracts';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_DATASETS, keptState, writeSoundDataset } from './support/bad-datasets.ts';
import { TestPlatform } from './support/platform.ts';
import { processesOf } from './support/processes.ts';
import { scoreAlone } from './support/score-alone.ts';
import { missingFor, runSnippet, snippetsOfDocument } from './support/snippets.ts';

/** As `plumb train --wait` and `plumb runs show` print it. */
type RunReport = Run & { warnings: string[]; result: RunResult | null };

let platform: TestPlatform;

beforeAll(async () => {
  platform = await TestPlatform.create();
});

afterAll(async () => {
  await platform?.remove();
});

describe('the whole loop on the command line', () => {
  it('starts a platform by itself and imports the sample dataset', async () => {
    const dataset = await platform.json<DatasetDetail>(
      'datasets',
      'import',
      '--sample',
      '--name',
      'sample',
    );
    expect(dataset.report.categories).toHaveLength(6);
    expect(await platform.json<unknown[]>('datasets', 'list')).toHaveLength(1);
    expect(await platform.json<DatasetDetail>('datasets', 'show', 'sample')).toEqual(dataset);
    expect(await platform.json('status')).toMatchObject({ running: true, system: { datasets: 1 } });
    expect((await platform.run('doctor')).code).toBe(0);
  });

  it('exports a dataset, imports it again with the same hash, and deletes it, after saying what goes', async () => {
    const out = join(platform.home, 'sample.zip');
    const sample = await platform.json<DatasetDetail>('datasets', 'show', 'sample');
    await platform.json('datasets', 'export', 'sample@1', '--out', out);
    const said = ['--license', 'CC0-1.0', '--source', 'made up'];
    const again = await platform.json<DatasetDetail>(
      ...['datasets', 'import', out, '--name', 'again', ...said],
    );
    expect(again).toMatchObject({
      hash: sample.hash,
      provenance: { license: 'CC0-1.0', source: 'made up' },
    });
    const plan = await platform.run('datasets', 'delete', 'again', '--dry-run');
    expect(plan.stdout).toMatch(
      /1 dataset version\.[\s\S]*again v1[\s\S]*Nothing stands in the way/,
    );
    const unasked = await platform.failure('datasets', 'delete', 'again');
    expect(unasked.fix).toContain('--yes');
    await platform.json('datasets', 'delete', 'again', '--yes');
    expect(await platform.json<unknown[]>('datasets', 'list')).toHaveLength(1);
  });

  it('refuses a name that is taken', async () => {
    const error = await platform.failure('datasets', 'import', '--sample', '--name', 'sample');
    expect(error).toMatchObject({
      code: 'CONFLICT',
      message: 'A dataset named "sample" exists already.',
    });
  });

  it('trains, evaluates, exports and publishes one model for all categories', async () => {
    const run = await platform.json<RunReport>(
      'train',
      '--dataset',
      'sample',
      '--method',
      'rlr',
      '--preset',
      'tiny',
      '--max-steps',
      '12',
      '--wait',
    );
    expect(run).toMatchObject({
      status: 'succeeded',
      modelVersion: 1,
      model: 'sample-rlr',
      progress: 1,
    });
    expect(run.result).toMatchObject({ model: 'sample-rlr', promoted: true, rows: 1, place: 1 });
    expect(run.warnings).toEqual(run.result?.warnings);
    expect(await platform.json<Run[]>('runs', 'list')).toHaveLength(1);
    expect(await platform.json<RunReport>('runs', 'show', run.id)).toEqual(run);
    const { stdout } = await platform.run('runs', 'show', run.id);
    expect(stdout).toMatch(/Published sample-rlr version 1\. It is the model's first version/);
    expect(stdout).toMatch(/I-AUROC[\s\S]*plumb predict <image> --model sample-rlr --heatmap/);
    expect((await platform.json<unknown[]>('runs', 'logs', run.id)).length).toBeGreaterThan(3);
    expect(await platform.failure('runs', 'cancel', run.id)).toMatchObject({ code: 'CONFLICT' });
  });

  it('shows the leaderboard as the contract says', async () => {
    const board = leaderboardSchema
      .strict()
      .parse(await platform.json('leaderboard', '--dataset', 'sample'));
    expect(board.rows).toHaveLength(1);
    const row = board.rows[0]!;
    expect(row).toMatchObject({
      rank: 1,
      model: 'sample-rlr',
      modelVersion: 1,
      method: 'rlr',
      preset: 'tiny',
      seed: 0,
    });
    expect(Object.keys(row.categories)).toHaveLength(6);
    for (const metric of CORE_METRIC_NAMES) expect(row.mean[metric]).not.toBeNull();
    expect((await platform.run('leaderboard', '--dataset', 'sample')).stdout).toContain(
      'AUPRO@0.30',
    );
  });

  it('answers predictions, for the first version serves at once: the same by command, by HTTP and by onnxruntime alone', async () => {
    const image = await platform.saveAnomalousImage('sample');
    const [version] = await platform.json<ModelVersion[]>('models', 'show', 'sample-rlr');
    expect(version).toMatchObject({ version: 1, promoted: true });
    const promoted = await platform.run('models', 'promote', 'sample-rlr', '1');
    expect(promoted.stdout).toContain('sample-rlr version 1 already answered predictions.');
    const heatmap = join(platform.home, 'heatmap.png');
    const prediction = await platform.json<Prediction>(
      'predict',
      image,
      '--model',
      'sample-rlr',
      '--heatmap',
      heatmap,
    );
    expect(prediction).toMatchObject({
      model: 'sample-rlr',
      modelVersion: 1,
      category: expect.any(String),
      categorySource: 'found',
    });
    expect(prediction.predictedLabel).toBe(
      prediction.imageScore >= prediction.threshold ? 'anomalous' : 'normal',
    );
    expect(await sharp(heatmap).metadata()).toMatchObject({
      format: 'png',
      width: prediction.width,
      height: prediction.height,
    });

    const { apiUrl } = await platform.record();
    const address = `${apiUrl}/v1/models/sample-rlr/predict`;
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: readFileSync(image),
    });
    expect(await answer.json()).toMatchObject({
      imageScore: prediction.imageScore,
      threshold: prediction.threshold,
    });

    const alone = await scoreAlone(platform, image);
    expect(Math.abs(alone - prediction.imageScore) / prediction.imageScore).toBeLessThan(1e-3);
  });

  for (const snippet of snippetsOfDocument()) {
    const missing = missingFor(snippet);
    const [first = ''] = snippet.code.split('\n');
    const skipped = missing === null ? '' : ` (skipped: no ${missing} here)`;
    it.skipIf(missing !== null)(`answers the program that begins ${first}${skipped}`, async () => {
      const image = await platform.saveAnomalousImage('sample');
      const expected = await platform.json<Prediction>('predict', image, '--model', 'sample-rlr');
      const { apiUrl } = await platform.record();
      const bundle = join(platform.home, 'bundle');
      const environment = { API: apiUrl, MODEL: 'sample-rlr', BUNDLE: bundle };
      const { imageScore } = runSnippet(snippet, image, environment);
      expect(Math.abs(Number(imageScore) / expected.imageScore - 1)).toBeLessThan(1e-3);
    });
  }

  it('scores a folder of images, and goes on with what is missing', async () => {
    const image = await platform.saveAnomalousImage('sample');
    const folder = join(platform.home, 'line 1');
    mkdirSync(join(folder, 'ä'), { recursive: true });
    for (const name of ['1.png', 'ä/2.png']) copyFileSync(image, join(folder, name));
    writeFileSync(join(folder, 'bad.png'), 'not an image');
    const [out, heatmaps] = ['results.csv', 'maps'].map((name) => join(platform.home, name));
    const command = ['predict', folder, '--model', 'sample-rlr', '--out', out!];
    const first = await platform.run(...command, '--heatmaps', heatmaps!);
    expect(first).toMatchObject({ code: 1 });
    expect(first.stdout).toMatch(/^3 images: .*, 1 could not be scored/);
    const rows = readFileSync(out!, 'utf8').trim().split('\n');
    expect(rows).toHaveLength(4);
    expect(await sharp(join(heatmaps!, 'ä', '2.png.png')).metadata()).toMatchObject({
      format: 'png',
    });
    writeFileSync(join(folder, 'bad.png'), readFileSync(image));
    const again = await platform.json<{ images: number; failed: number }>(...command);
    expect(again).toMatchObject({ images: 3, failed: 0, modelVersion: 1 });
    const kept = rows.filter((row) => !row.startsWith('bad.png'));
    expect(readFileSync(out!, 'utf8').startsWith(kept.join('\n'))).toBe(true);
    expect(await platform.failure('predict', folder, '--model', 'sample-rlr')).toMatchObject({
      field: 'out',
    });
  });

  it('has a dataset inspected by a job, and writes its results', async () => {
    const out = join(platform.home, 'batch.jsonl');
    const of = ['--model', 'sample-rlr', '--dataset', 'sample@1', '--split', 'test'];
    const batch = await platform.json<Batch>('batches', 'start', ...of, '--out', out);
    expect(batch).toMatchObject({ status: 'succeeded', failed: 0, version: 1 });
    const rows = readFileSync(out, 'utf8').trim().split('\n');
    expect([rows.length, batch.checked]).toEqual([batch.total, batch.total]);
    const listed = await platform.json<Batch[]>('batches', 'list');
    expect(listed.map(({ id }) => id)).toEqual([batch.id]);
    expect(await platform.failure('batches', 'start', '--model', 'sample-rlr')).toMatchObject({
      field: 'dataset',
    });
  });

  it('answers what is wrong with a request', async () => {
    const notAnImage = join(platform.home, 'note.png');
    writeFileSync(notAnImage, 'not an image');
    expect(await platform.failure('predict', notAnImage, '--model', 'sample-rlr')).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(
      await platform.failure('predict', '/no/such.png', '--model', 'sample-rlr'),
    ).toMatchObject({ code: 'NOT_FOUND' });
    expect(await platform.failure('leaderboard', '--dataset', 'none')).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await platform.failure('train', '--dataset', 'none')).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(
      await platform.failure('train', '--dataset', 'sample', '--preset', 'huge'),
    ).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('names the taps there are when one is unknown, and publishes nothing', async () => {
    const error = await platform.failure(
      'train',
      '--dataset',
      'sample',
      '--preset',
      'tiny',
      '--taps',
      'layer9',
      '--wait',
    );
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'featureTaps' });
    expect(`${error.message} ${error.fix}`).toContain('layer2');
    expect(await platform.json<ModelVersion[]>('models', 'show', 'sample-rlr')).toHaveLength(1);
  });
});

describe('bad input leaves nothing behind', () => {
  it.each(BAD_DATASETS.map((bad) => [bad.name, bad] as const))('%s', async (name, bad) => {
    const folder = join(platform.home, 'bad', name);
    await writeSoundDataset(folder);
    await bad.spoil(folder);
    const before = await keptState(platform);
    const error = await platform.failure('datasets', 'import', folder, '--name', `bad-${name}`);
    expect(error.code).toBe('INVALID_INPUT');
    expect(`${error.message} ${error.file}`).toContain(bad.file);
    expect(error.fix).toBeTruthy();
    expect(await keptState(platform)).toBe(before);
  });

  it.each(['no-layout', 'empty.zip'])('%s', async (name) => {
    const path = join(platform.home, name);
    if (name === 'empty.zip') writeFileSync(path, '');
    else mkdirSync(join(path, 'a'), { recursive: true });
    const before = await keptState(platform);
    const error = await platform.failure('datasets', 'import', path, '--name', 'bad');
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.message).toContain(name);
    expect(error.fix).toBeTruthy();
    expect(await keptState(platform)).toBe(before);
  });
});

describe('the end', () => {
  it('leaves no process', async () => {
    expect((await platform.run('down')).stdout).toContain('Stopped');
    await expect.poll(() => processesOf(platform.home), { timeout: 60_000 }).toEqual([]);
  });
});
