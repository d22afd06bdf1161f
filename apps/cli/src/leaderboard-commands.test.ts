import type { Leaderboard, Protocol } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { describeLeaderboard } from './leaderboard-commands.ts';

const protocol = (name: string) => ({ name }) as Protocol;
const other = (name: string, key: string, models: string[]) => ({
  protocol: protocol(name),
  protocolKey: key,
  differences: [{ field: 'imageSizePx', label: 'Image size', here: '256', there: name.slice(-3) }],
  rows: models.map((model) => ({ model, modelVersion: 1 })),
});
const board: Leaderboard = {
  dataset: 'parts',
  datasetVersion: 'v1-0',
  datasetVersions: ['v1-0'],
  protocol: protocol('plumbline-256'),
  protocolKey: 'plumbline-256-0',
  rankRule: 'By mean image AUROC.',
  categories: [],
  rows: [],
  configurations: [],
  undefinedReasons: [],
  otherProtocols: [],
};

test('rows under other protocols are said first, with the command that shows them', () => {
  const text = describeLeaderboard({
    ...board,
    otherProtocols: [
      other('plumbline-512', 'plumbline-512-0', ['a', 'b', 'c']),
      other('plumbline-256', 'plumbline-256-1', ['d']),
    ],
  });
  expect(text).toContain(
    '3 more versions under plumbline-512, not comparable (Image size: 512): a v1, b v1, c v1\n  plumb leaderboard --dataset parts --protocol plumbline-512\n',
  );
  // Two protocols of one name are told apart by their keys.
  expect(text).toContain('1 more version under plumbline-256');
  expect(text).toContain('--protocol plumbline-256-1\n');
  expect(text).toContain('No models under this protocol yet.');
});

test('a board without any result says how to get one', () => {
  expect(describeLeaderboard(board)).toContain('No models yet. Train one with');
});
