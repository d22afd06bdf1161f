/** @file Inspect with the model in the browser: the server's score, and no image on its way to the server. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Prediction } from '@plumbline/contracts';
import type { Page, Request } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';

export const inBrowser = (scene: Scene) =>
  describe('Inspect in this browser', () => {
    it('loads the bundle, gives the server’s answer, and sends no image', async () => {
      const { page } = scene.dashboard;
      const { model } = scene.run;
      const file = await scene.platform.saveAnomalousImage('sample');
      const turned = await turnedPhoto(scene, file);
      const expected = [await onServer(scene, file), await onServer(scene, turned)];
      const requests: Request[] = [];
      const listen = (request: Request) => requests.push(request);
      page.on('request', listen);
      await scene.dashboard.open(`/models/${model}`);
      await page.getByRole('link', { name: 'Run in this browser' }).click();
      await page.waitForURL(/where=browser/);
      expect(requests.filter((one) => /onnx|\.wasm/.test(one.url()))).toEqual([]);
      await page.getByRole('button', { name: new RegExp(`^Load ${model} v1 \\(.* MB\\)`) }).click();
      await page.getByText(`${model} v1 is loaded.`).waitFor();
      await scene.dashboard.expectSound();
      for (const [index, path] of [file, turned].entries()) {
        const server = expected[index] as Prediction;
        await page.locator('input[type=file]').setInputFiles(path);
        const shown = await shownPrediction(page, path);
        // Rounded to four digits on the page; JPEG decoders differ by a level or two.
        const tolerance = index === 0 ? 1e-3 : 0.05;
        expect(Math.abs(shown.score / server.imageScore - 1)).toBeLessThan(tolerance);
        expect(shown.text).toContain(`${server.width} × ${server.height} px`);
        expect(shown.text).toContain(`${server.category}, found from the image`);
        expect(shown.text.toLowerCase()).toContain(server.predictedLabel);
      }
      await scene.dashboard.expectSound();
      page.off('request', listen);
      // Requests of the worker are seen here too, so that none of them can hide an image.
      expect(requests.some((one) => one.url().endsWith('/files/model.onnx'))).toBe(true);
      expect(requests.filter((one) => one.method() !== 'GET' && !isQuery(one))).toEqual([]);
      expect(requests.filter((one) => one.url().length > 4000)).toEqual([]);
    });

    it('says which images only the server reads, and that there is no camera', async () => {
      const { page } = scene.dashboard;
      const deep = join(scene.platform.home, 'deep.png');
      const values = Uint16Array.from({ length: 64 * 64 }, (_, at) => at * 16);
      const raw = { width: 64, height: 64, channels: 1 } as const;
      await sharp(values, { raw }).toColourspace('grey16').png().toFile(deep);
      await page.locator('input[type=file]').setInputFiles(deep);
      await page.getByText(/16 bits per channel/).waitFor();
      await page.getByRole('button', { name: 'Use the camera' }).click();
      await page.getByText(/camera (was|were) (refused|found)|may not use a camera/).waitFor();
      await scene.dashboard.expectSound();
      await page.getByRole('button', { name: 'Unload' }).click();
      await page.getByText('is inspected once the model is loaded').waitFor();
    });
  });

/** Turned by its EXIF data only: who does not read it sees another image. */
async function turnedPhoto(scene: Scene, file: string): Promise<string> {
  const path = join(scene.platform.home, 'turned.jpg');
  const photo = sharp(file).rotate(270).resize(260, 200, { fit: 'fill' });
  writeFileSync(
    path,
    await photo.jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer(),
  );
  return path;
}

async function onServer({ platform, run }: Scene, file: string): Promise<Prediction> {
  const { apiUrl } = await platform.record();
  const answer = await fetch(`${apiUrl}/v1/models/${run.model}/predict?version=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(readFileSync(file)),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Prediction;
}

async function shownPrediction(page: Page, path: string): Promise<{ score: number; text: string }> {
  const name = path.split('/').at(-1) ?? path;
  const region = page.getByRole('region', { name, exact: true });
  await region.getByRole('img', { name: /heatmap/i }).waitFor();
  const bar = region.getByRole('img', { name: /^Image score / });
  const label = (await bar.getAttribute('aria-label')) ?? '';
  return { score: Number(/score (\S+),/.exec(label)?.[1]), text: await region.innerText() };
}

/** A read of the page's data: JSON, no image. */
function isQuery(request: Request): boolean {
  return (request.postDataBuffer()?.length ?? 0) < 1000 && !request.url().includes('/predict');
}
