/** @file Published results: complete as read, each with a source, none of RLR's own. */
import { existsSync, readFileSync } from 'node:fs';
import { publishedBoardSchema } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { findPublishedBoard, getPublishedBoard, publishedBoards } from '../index.ts';

const ORIGINAL = new URL(
  '../../../../../shared/reference/published/ader-per-category.csv',
  import.meta.url,
);

describe('published results', () => {
  it('are whole: six standard datasets, every row with its source', () => {
    const boards = publishedBoards();
    expect(boards.map(({ standard, categories }) => [standard, categories.length])).toEqual([
      ['mvtec-ad', 15],
      ['visa', 12],
      ['real-iad', 30],
      ['btad', 3],
      ['mpdd', 6],
      ['mvtec-loco', 5],
    ]);
    for (const board of boards) {
      publishedBoardSchema.parse(board);
      const known = new Set(board.sources.map((source) => source.id));
      for (const row of board.rows) {
        expect(known.has(row.source), `${row.method} ${row.source}`).toBe(true);
        expect(Object.keys(row.mean).length, row.method).toBeGreaterThan(0);
        const given = Object.keys(row.categories);
        if (given.length > 0) expect(given.sort()).toEqual(board.categories);
      }
      for (const source of board.sources) {
        expect(source.reference.length).toBeGreaterThan(10);
        expect(source.comparability.length).toBeGreaterThan(0);
      }
    }
  });

  it('hold no figure of RLR, whose paper nobody has read yet', () => {
    for (const { rows } of publishedBoards())
      expect(rows.filter((row) => /rlr/i.test(row.method))).toEqual([]);
  });

  it('say what the logs say', () => {
    const { rows } = getPublishedBoard('mvtec-ad');
    const uniad = rows.find(
      (row) => row.source === 'ader-log' && row.method === 'UniAD' && row.variant === '100 epochs',
    );
    expect(uniad?.mean).toEqual({
      imageAuroc: 0.92483,
      imageAp: 0.9728,
      imageF1Max: 0.95436,
      pixelAuroc: 0.95836,
      pixelAp: 0.42702,
      pixelF1Max: 0.47964,
      aupro30: 0.89256,
      pixelIouMax: 0.32521,
    });
    expect(uniad?.categories['bottle']?.imageAuroc).toBe(0.99365);
    const dinomaly = rows.find((row) => row.variant === 'DINOv3-B, 10k iterations');
    expect(dinomaly?.categories['transistor']?.aupro30).toBe(0.764);
  });

  it('leave out what the logs call DRAEM, and say why', () => {
    for (const { rows, sources } of publishedBoards()) {
      expect(rows.filter((row) => row.method === 'DRAEM')).toEqual([]);
      const log = sources.find((source) => source.id === 'ader-log');
      expect(log?.remarks.join(' ')).toMatch(/not DRAEM/);
    }
  });

  it('call pixel figures on MVTec LOCO not comparable, there alone', () => {
    const verdicts = (standard: string) =>
      getPublishedBoard(standard)
        .sources.find((source) => source.id === 'ader-log')
        ?.comparability.map(({ metrics, verdict }) => [metrics[0], verdict]);
    expect(verdicts('mvtec-loco')).toEqual([
      ['imageAuroc', 'close'],
      ['pixelAuroc', 'not'],
    ]);
    expect(verdicts('mvtec-ad')).toContainEqual(['pixelAuroc', 'with care']);
  });

  it('give a protocol only to rows whose source states it for them', () => {
    const named: [RegExp, string][] = [
      [/HVQ-Trans/, 'costfilter-hvq'],
      [/^Dinomaly$/, 'inpformer-quoted'],
      [/^Dinomaly$/, 'dinomaly-v3'],
    ];
    for (const { rows, sources } of publishedBoards()) {
      for (const [method, id] of named) {
        for (const row of rows.filter((one) => one.source === id))
          expect(row.method).toMatch(method);
        const source = sources.find((one) => one.id === id);
        expect(source?.protocol ?? null).toBeNull();
      }
      const borrowed = rows.filter(
        (row) =>
          (/HVQ/.test(row.method) && row.source === 'costfilter') ||
          (row.method === 'Dinomaly' && row.source === 'inpformer'),
      );
      expect(borrowed).toEqual([]);
    }
  });

  it('have means that their categories give, as far as they are rounded', () => {
    for (const { standard, rows, categories } of publishedBoards()) {
      for (const row of rows.filter((one) => Object.keys(one.categories).length > 0)) {
        for (const [metric, mean] of Object.entries(row.mean)) {
          const values = categories.map(
            (name) => row.categories[name]?.[metric as keyof typeof row.mean] ?? Number.NaN,
          );
          const own = values.reduce((sum, value) => sum + value, 0) / values.length;
          expect(
            Math.abs(own - mean),
            `${standard} ${row.method} ${row.variant} ${metric}`,
          ).toBeLessThan(0.0015);
        }
      }
    }
  });

  it('are found by the exact categories of a dataset alone', () => {
    expect(findPublishedBoard(['03', '01', '02'])?.standard).toBe('btad');
    expect(findPublishedBoard(['01', '02'])).toBeNull();
    expect(findPublishedBoard(['01', '02', '03', '04'])).toBeNull();
    expect(() => getPublishedBoard('imagenet')).toThrow(/no published results on "imagenet"/);
  });

  it.skipIf(!existsSync(ORIGINAL))(
    `are the reference table line by line${existsSync(ORIGINAL) ? '' : ' (skipped: ../shared is not here)'}`,
    () => {
      const copy = readFileSync(new URL('ader-logs.csv', import.meta.url), 'utf8');
      expect(copy).toBe(readFileSync(ORIGINAL, 'utf8').replaceAll('\r', ''));
    },
  );
});
