import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InspectedFile, type Prediction, RESULT_COLUMNS } from '@plumbline/contracts';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openResultFile } from './result-file.ts';

const prediction: Omit<Prediction, 'heatmap' | 'mask'> = {
  inspection: '1d1f2f60-5f4e-4b7e-9d53-2f6f0f3a7a11',
  model: 'parts',
  modelVersion: 2,
  category: 'bolt, "M8"',
  categorySource: 'found',
  categoryConfidence: 0.97,
  categoryUncertain: false,
  unfamiliar: false,
  categoryCandidates: [],
  imageScore: 2,
  threshold: 1,
  scoreRatio: 2,
  predictedLabel: 'anomalous',
  thresholdProfile: 1,
  uncertainThreshold: null,
  uncertain: false,
  falseAlarmRate: 0,
  heldOutImages: 20,
  width: 32,
  height: 32,
  regions: [{ box: { x: 1, y: 2, width: 3, height: 4 }, area: 9, peak: { x: 2, y: 3 }, score: 2 }],
  heatmapScale: { low: 0.75, high: 2, threshold: 1 },
  ignored: [],
  latencyMs: 80,
};
const scored = (image: string): InspectedFile => ({
  image,
  heatmap: null,
  prediction,
  error: null,
});
const failed = (image: string): InspectedFile => ({
  ...{ image, heatmap: null, prediction: null },
  error: { code: 'INVALID_INPUT', message: 'No image.', fix: 'Send one.', file: null, field: null },
});
const version = { model: 'parts', version: 2 };

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-results-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(['csv', 'jsonl'])('results in .%s', (ending) => {
  beforeEach(() => {
    path = join(folder, `${crypto.randomUUID()}.${ending}`);
  });

  async function write(...results: InspectedFile[]): Promise<void> {
    const file = await openResultFile(path, version);
    for (const result of results) await file.append(result);
    await file.close();
  }

  it('go on where they were stopped: failures and a line cut short are done again', async () => {
    await write(scored('Ä,"1".png'), failed('b.png'), scored('c\nd.png'), scored('e.png'));
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.slice(0, -5));
    const file = await openResultFile(path, version);
    expect(file.kept).toEqual(
      ['Ä,"1".png', 'c\nd.png'].map((image) => ({
        ...{ image, model: 'parts', modelVersion: 2 },
        ...{ predictedLabel: 'anomalous', uncertain: false },
      })),
    );
    await file.append(scored('e.png'));
    await file.append(scored('b.png'));
    await file.close();
    await write();
    const text = await readFile(path, 'utf8');
    expect(text.length).toBeGreaterThan(whole.length);
    expect((await openResultFile(path, version)).kept.map(({ image }) => image)).toEqual([
      ...['Ä,"1".png', 'c\nd.png', 'e.png', 'b.png'],
    ]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('of another version, and files of something else, are left as they are', async () => {
    await write(scored('a.png'));
    const before = await readFile(path, 'utf8');
    await expect(openResultFile(path, { ...version, version: 3 })).rejects.toThrow(
      /holds results of parts version 2/,
    );
    expect(await readFile(path, 'utf8')).toBe(before);
    await writeFile(path, 'my notes\n');
    await expect(openResultFile(path, version)).rejects.toThrow(/something other than results/);
    expect(await readFile(path, 'utf8')).toBe('my notes\n');
  });
});

it('a CSV row has a cell per column, with the box of the strongest region', async () => {
  path = join(folder, 'cells.csv');
  const file = await openResultFile(path, version);
  await file.append(scored('a.png'));
  await file.append(failed('b.png'));
  await file.close();
  const [first, second] = parse<Record<string, string>>(await readFile(path, 'utf8'), {
    columns: true,
  });
  expect(Object.keys(first ?? {})).toEqual([...RESULT_COLUMNS]);
  expect(first).toMatchObject({
    ...{ category: 'bolt, "M8"', scoreRatio: '2', regions: '1', regionX: '1', regionHeight: '4' },
    ...{ uncertain: 'false', heatmap: '', error: '' },
  });
  expect(second).toMatchObject({ image: 'b.png', imageScore: '', error: 'No image. Send one.' });
});

it('other endings, and folders that are not there, are refused', async () => {
  await expect(openResultFile(join(folder, 'x.xlsx'), version)).rejects.toThrow(/can't be written/);
  await expect(openResultFile(join(folder, 'no', 'x.csv'), version)).rejects.toThrow(
    /can't be written/,
  );
});
