/** @file Imports the ten real categories, with the counts that their README tells. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFolderBlobStore } from '../store/blob-store.ts';
import { makeTempFolder } from '../testing/dataset-files.ts';
import { importDataset } from './import-dataset.ts';

const IMAGES = join(import.meta.dirname, '../../../../../shared/images');
const PAPER = ['bdp01', 'bft01', 'brg01', 'brg02', 'btn01', 'flr01', 'gla01', 'zpb01'];

describe.skipIf(!existsSync(IMAGES))(
  'ten real categories (skipped without ../shared/images)',
  () => {
    it('are counted, and what is odd about them is told', async () => {
      const temp = await makeTempFolder();
      try {
        const blobs = openFolderBlobStore(join(temp.path, 'blobs'));
        const { manifest, report } = await importDataset({ source: IMAGES, blobs });
        const counts = Object.fromEntries(
          report.categories.map((c) => [c.name, [c.train, c.testNormal, c.testAnomalous, c.masks]]),
        );
        expect(counts).toEqual({
          alien: [39, 19, 60, 0],
          cookie: [31, 14, 32, 32],
          ...Object.fromEntries(PAPER.map((name) => [`paper_${name}`, [32, 16, 48, 48]])),
        });
        expect(report.images).toBe(manifest.samples.length);

        const warned = (code: string) => report.warnings.filter((warning) => warning.code === code);
        expect(warned('NO_MASKS').map((warning) => warning.message)).toEqual([
          'alien has no masks: its pixel metrics are undefined.',
        ]);
        expect(warned('IGNORED_FILES')[0]?.message).toContain('README.md');
        const duplicated = new Set(
          report.identicalImages.flatMap((g) => g.files.map((f) => f.split('/')[0])),
        );
        expect([...duplicated].some((name) => name?.startsWith('paper_'))).toBe(true);
        expect(warned('IDENTICAL_IMAGES').map((warning) => warning.category)).toEqual(
          [...duplicated].sort(),
        );
        for (const { files, sha256 } of report.identicalImages) {
          for (const file of files) {
            expect(manifest.samples.find((sample) => sample.path === file)?.image.sha256).toBe(
              sha256,
            );
          }
        }
      } finally {
        await temp.remove();
      }
    });
  },
);
