/** @file What a bundle gives without the platform. */
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SUSPECT_MAPS_FILE } from '@plumbline/contracts';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { TestPlatform } from './platform.ts';

/** The image score by the downloaded bundle, in onnxruntime without any of the platform. */
export async function scoreAlone(platform: TestPlatform, image: string): Promise<number> {
  const folder = join(platform.home, 'bundle');
  await platform.json('models', 'download', 'sample-rlr', '--to', folder);
  const files = [
    'card.md',
    'category-bank.safetensors',
    'evaluation.json',
    'manifest.json',
    'model.onnx',
    'training-scores.json',
  ];
  // There only if training images stand out.
  const written = readdirSync(folder).filter((name) => name !== SUSPECT_MAPS_FILE);
  expect(written.sort()).toEqual(files);
  const { data, info } = await sharp(image)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = join(platform.home, 'pixels.raw');
  writeFileSync(pixels, data);
  const script = fileURLToPath(new URL('./run-bundle.mjs', import.meta.url));
  const args = [
    script,
    join(folder, 'model.onnx'),
    String(info.width),
    String(info.height),
    pixels,
  ];
  const environment = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
  const alone = JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', env: environment }),
  ) as {
    imageScore: number;
  };
  return alone.imageScore;
}
