/** @file The order of the leaderboard, and the protocol that its rows share. */
import { type LeaderboardRow, protocolSchema, UNDEFINED_METRICS } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { isSameProtocol, PLUMBLINE_PROTOCOL, protocolFor, rankRows } from './index.ts';

function row(
  model: string,
  imageAuroc: number | null,
  pixelAuroc: number | null,
  modelVersion = 1,
): Omit<LeaderboardRow, 'rank'> {
  return {
    model,
    modelVersion,
    method: 'rlr',
    backbone: 'b',
    preset: 'p',
    seed: 0,
    mean: { ...UNDEFINED_METRICS, imageAuroc, pixelAuroc },
    categories: {},
    trainSeconds: 1,
    latencyMs: { p50: 1, p95: 2 },
    sizeBytes: 1,
  };
}

test('ranks by image AUROC, pixel AUROC, then name; undefined last; equal numbers share a rank', () => {
  const rows = [
    row('undefined', null, 1),
    row('second-b', 0.9, 0.8),
    row('zero', 0, 0),
    row('first', 0.9, 0.9),
    row('second-a', 0.9, 0.8, 2),
    row('second-a', 0.9, 0.8),
    row('fifth', 0.9, null),
  ];
  const ranked = rankRows(rows).map(({ rank, model, modelVersion }) => [rank, model, modelVersion]);
  expect(ranked).toEqual([
    [1, 'first', 1],
    [2, 'second-a', 1],
    [2, 'second-a', 2],
    [2, 'second-b', 1],
    [5, 'fifth', 1],
    [6, 'zero', 1],
    [7, 'undefined', 1],
  ]);
  expect(rows[0]?.model).toBe('undefined');
  expect(rankRows([])).toEqual([]);
});

test('the protocol at another size differs in its sizes and its name only', () => {
  expect(protocolSchema.parse(PLUMBLINE_PROTOCOL)).toEqual(protocolFor(256));
  expect(protocolFor(128)).toEqual({
    ...PLUMBLINE_PROTOCOL,
    name: 'plumbline-128',
    imageSizePx: 128,
    evaluationSizePx: 128,
  });
  expect(isSameProtocol(PLUMBLINE_PROTOCOL, protocolFor(256))).toBe(true);
  expect(isSameProtocol(PLUMBLINE_PROTOCOL, protocolFor(128))).toBe(false);
  expect(() => protocolFor(0)).toThrow(/image size is 0/);
});
