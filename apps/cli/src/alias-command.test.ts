import { expect, test } from 'vitest';
import { describeAlias } from './alias-command.ts';

const set = { alias: 'challenger', version: 2, by: 'ada', at: '2026-11-28T00:00:00.000Z' };

test('an alias says where it pointed and how to undo it', () => {
  expect(describeAlias('parts', { ...set, replaced: 1 })).toBe(
    'parts@challenger now points to version 2. It pointed to version 1; to undo: plumb models alias parts challenger 1',
  );
  expect(describeAlias('parts', { ...set, replaced: null })).toBe(
    'parts@challenger now points to version 2.',
  );
  expect(describeAlias('parts', { ...set, replaced: 2 })).toBe(
    'parts@challenger already pointed to version 2.',
  );
});
