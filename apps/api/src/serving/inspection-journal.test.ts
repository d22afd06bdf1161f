/** @file What the files of the journal hold: what is not in the database, and nothing else. */
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InspectionRecord } from '@plumbline/db';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InspectionJournal, recoverInspections } from './inspection-journal.ts';

const ID = '1d1f2f60-5f4e-4b7e-9d53-';
const record = (index: number): InspectionRecord => ({
  ...{ at: new Date(index), inspection: `${ID}${String(index).padStart(12, '0')}` },
  ...{ model: 'parts', modelVersion: 1, category: 'bolt', categorySource: 'given' },
  ...{ imageScore: 0.5, threshold: 1, thresholdProfile: 1, predictedLabel: 'normal' },
  ...{ uncertain: false, latencyMs: 1 },
  look: { width: 4, height: 3, brightness: 10, sharpness: 2 },
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plumbline-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lines = () =>
  readdirSync(folder).map(
    (name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean).length,
  );
/** As if another process had left the files: one of this number that was there before. */
function leave(): void {
  for (const name of readdirSync(folder))
    renameSync(join(folder, name), join(folder, name.replace(/\.[0-9a-f-]+\./, '.0-0.')));
}
async function recovered(): Promise<InspectionRecord[]> {
  const found: InspectionRecord[] = [];
  const into = {
    inspections: { record: async (some: readonly InspectionRecord[]) => void found.push(...some) },
  };
  await recoverInspections(folder, into as unknown as Parameters<typeof recoverInspections>[1]);
  return found;
}

test('a file goes when all of it is settled; one that is written to is emptied', () => {
  const journal = new InspectionJournal(folder, console.error);
  for (let index = 0; index < 1_100; index += 1) journal.add(record(index));
  expect(lines().sort()).toEqual([100, 500, 500]);
  journal.settle(499);
  expect(lines()).toHaveLength(3);
  journal.settle(2);
  expect(lines().sort()).toEqual([100, 500]);
  journal.settle(599);
  expect(lines()).toEqual([0]);
  journal.add(record(0));
  expect(lines()).toEqual([1]);
  journal.settle(1);
  journal.close();
  expect(lines()).toEqual([]);
});

test('what was not settled comes back as it was, but for a line that was cut off; the own files stay', async () => {
  const journal = new InspectionJournal(folder, console.error);
  for (let index = 0; index < 3; index += 1) journal.add(record(index));
  expect(await recovered()).toEqual([]);
  const [name = ''] = readdirSync(folder);
  appendFileSync(join(folder, name), '\n{"at":"1970');
  journal.add(record(3));
  journal.close();
  leave();
  expect(await recovered()).toEqual([0, 1, 2, 3].map(record));
  expect(readdirSync(folder)).toEqual([]);
});

test('where nothing can be written it says so once, and throws nothing', () => {
  const warn = vi.fn();
  const journal = new InspectionJournal('/dev/null/nowhere', warn);
  for (let index = 0; index < 3; index += 1) journal.add(record(index));
  journal.settle(3);
  journal.close();
  expect(warn).toHaveBeenCalledTimes(1);
});
