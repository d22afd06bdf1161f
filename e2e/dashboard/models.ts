/** @file Models: promoting with old against new in view, and the report. */

import type { ModelSummary, Run } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';

async function promotedVersion({ platform, run }: Scene): Promise<number | null | undefined> {
  const models = await platform.json<ModelSummary[]>('models', 'list');
  return models.find((one) => one.name === run.model)?.promotedVersion;
}

export const modelPages = (scene: Scene) =>
  describe('models', () => {
    it('promotes another version with old against new in view, and takes it back', async () => {
      const { page } = scene.dashboard;
      const small = await scene.platform.json<Run>(
        'train',
        ...['--dataset', 'sample', '--method', 'retrieval', '--preset', 'tiny'],
        ...['--backbone', 'compact', '--model', scene.run.model, '--wait'],
      );
      expect(small.modelVersion).toBe(2);
      await scene.dashboard.open('/models');
      await scene.dashboard.expectSound();
      await scene.dashboard.open(`/models/${scene.run.model}`);
      await page.getByRole('button', { name: /^promote/i }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('columnheader', { name: 'Serves now: v1' }).waitFor();
      await dialog.getByText(/can’t be compared: image size 128 × 128 px against 256/).waitFor();
      await scene.dashboard.expectSound();
      await dialog.getByRole('button', { name: 'Promote version 2' }).click();
      await dialog.getByText('Version 2 answers predictions now.').waitFor();
      expect(await promotedVersion(scene)).toBe(2);
      await dialog.getByRole('button', { name: 'Undo: back to version 1' }).click();
      await dialog.getByText('Version 1 answers predictions again.').waitFor();
      expect(await promotedVersion(scene)).toBe(1);
      await dialog.getByRole('button', { name: 'Done' }).click();
      const history = page.getByRole('region', { name: 'Promotions' });
      await history.getByText(/in place of version 2/).waitFor();
      await scene.dashboard.expectSound();
    });

    it('reports on it: curves, each with its table, histogram, checks and model card', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open(`/models/${scene.run.model}/1/report`);
      for (const name of [/^ROC/, /^Precision and recall/, /^Per-region overlap/, /^Image scores/])
        expect(await page.getByRole('img', { name }).count(), String(name)).toBe(1);
      for (const summary of await page.getByText(/ as a table$/).all()) await summary.click();
      const table = page.getByRole('region', { name: /^ROC: / });
      expect(await table.getByRole('row').count()).toBe(14);
      expect(await page.getByRole('region', { name: 'Checks' }).getByRole('listitem').count()).toBe(
        4,
      );
      expect(await page.getByRole('img', { name: /^Heatmap of / }).count()).toBeGreaterThan(0);
      const card = page.getByRole('link', { name: 'Download card.md' });
      const answer = await page.request.get(
        `${scene.dashboard.url}${await card.getAttribute('href')}`,
      );
      expect(await answer.text()).toContain(`# ${scene.run.model}\n`);
      await scene.dashboard.expectSound();
    });
  });
