/** @file What `delete --dry-run` shows, and how a version is named. */
import type { DeletionPlan } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { describePlan } from './delete-commands.ts';
import { namedVersion } from './named-version.ts';

const plan: DeletionPlan = {
  ...{ what: 'the dataset "nuts"', typed: 'nuts', bundleBytes: 2_500_000, seen: 'a'.repeat(64) },
  counts: [
    { kind: 'dataset version', count: 1 },
    { kind: 'training run', count: 3 },
  ],
  items: [
    { kind: 'dataset version', name: 'nuts v1', detail: '' },
    { kind: 'training run', name: 'r1', detail: 'nuts-rlr, failed' },
  ],
  blockers: [{ reason: 'The training run r1 is queued.', fix: 'Cancel it.' }],
};

it('names what would go, how much there is more, and what stands in the way', () => {
  const text = describePlan(plan);
  expect(text).toContain(
    'With the dataset "nuts" would go: 1 dataset version, 3 training runs; bundles of 2.5 MB.',
  );
  expect(text).toContain('nuts-rlr, failed');
  expect(text).toContain('… and 2 more');
  expect(text).toContain('- The training run r1 is queued. Cancel it.');
  expect(describePlan({ ...plan, blockers: [] })).toContain('Nothing stands in the way.');
});

it('reads a name with a version, and refuses one that is no number', () => {
  expect(namedVersion('nuts')).toEqual({ name: 'nuts' });
  expect(namedVersion('nuts@2')).toEqual({ name: 'nuts', version: 2 });
  expect(() => namedVersion('nuts@two')).toThrow('"two" is not a version number');
});
