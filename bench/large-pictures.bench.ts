/**
 * @file Pits of 8 pixels on pictures of 3000×2000, by commands that a user would give: once with whole pictures, once in tiles,
 * and the tiled bundle once more in a process that loads onnxruntime and nothing of the platform.
 *
 *     npm run bench -- large-pictures --json [--method patchcore] [--backbone compact] [--seed 0] [--rows 4] [--columns 6]
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { Run } from '@plumbline/contracts';
import { bundleManifestSchema } from '@plumbline/contracts';
import { areaUnderRoc } from '@plumbline/eval';
import { TestPlatform } from '../e2e/support/platform.ts';
import { PLATES, writePlates } from './large-pictures/plates.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    method: { type: 'string' },
    backbone: { type: 'string' },
    seed: { type: 'string', default: '0' },
    rows: { type: 'string', default: '4' },
    columns: { type: 'string', default: '6' },
  },
});

const platform = await TestPlatform.create();
try {
  const folder = join(platform.home, 'plates');
  const pictures = await writePlates(folder);
  await platform.json('up', '--no-web');
  await platform.json('datasets', 'import', folder, '--name', 'plates');
  await measure('whole', []);
  await measure('tiled', [`tileRows=${values.rows}`, `tileColumns=${values.columns}`]);
  await measureAlone('tiled', pictures);
} finally {
  await platform.remove();
}

async function measure(model: string, settings: readonly string[]): Promise<void> {
  const run = await platform.json<Run>(
    ...['train', '--dataset', 'plates', '--model', model, '--seed', values.seed],
    ...(values.method === undefined ? [] : ['--method', values.method]),
    ...(values.backbone === undefined ? [] : ['--backbone', values.backbone]),
    ...settings.flatMap((setting) => ['--set', setting]),
    '--wait',
  );
  const manifest = bundleManifestSchema.parse(
    await platform.get(`/v1/models/${model}/versions/1/files/manifest.json`),
  );
  report(model, {
    model,
    method: manifest.method,
    imageAuroc: percent(manifest.mean.imageAuroc),
    pixelAuroc: percent(manifest.mean.pixelAuroc),
    aupro30: percent(manifest.mean.aupro30),
    runSeconds: Math.round(
      (Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt ?? '')) / 1000,
    ),
  });
}

/** The downloaded bundle in onnxruntime alone. */
async function measureAlone(model: string, pictures: readonly string[]): Promise<void> {
  const bundle = join(platform.home, 'bundle');
  await platform.json('models', 'download', model, '--to', bundle);
  const script = join(import.meta.dirname, '../apps/trainer/src/testing/score-bitmaps.mjs');
  const args = [script, join(bundle, 'model.onnx'), ...pictures];
  const start = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const scores = JSON.parse(stdout) as number[];
  const labels = Uint8Array.from(pictures, (_, i) => Number(i >= PLATES.normal));
  report('alone', {
    model: `${model}, onnxruntime alone`,
    imageAuroc: percent(areaUnderRoc(Float32Array.from(scores), labels)),
    highestNormal: Math.max(...scores.slice(0, PLATES.normal)),
    lowestPitted: Math.min(...scores.slice(PLATES.normal)),
    secondsPerPicture: Math.round((performance.now() - start) / pictures.length) / 1000,
  });
}

function percent(value: number | null): number | null {
  return value === null ? null : Math.round(1000 * value) / 10;
}
