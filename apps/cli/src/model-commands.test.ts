import { expect, test } from 'vitest';
import { describePromotion } from './model-commands.ts';

const promoted = { model: 'parts', version: 2 };

test('a promotion says what it replaced and how to undo it', () => {
  expect(describePromotion({ ...promoted, replaced: 1 })).toBe(
    'parts version 2 now answers predictions. It replaced version 1; to undo: plumb models promote parts 1',
  );
  expect(describePromotion({ ...promoted, replaced: null })).toBe(
    'parts version 2 now answers predictions. No version did before.',
  );
  expect(describePromotion({ ...promoted, replaced: 2 })).toBe(
    'parts version 2 already answered predictions.',
  );
});
