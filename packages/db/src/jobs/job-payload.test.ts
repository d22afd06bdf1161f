import { expect, test } from 'vitest';
import { JOB_KINDS } from './job-kinds.ts';

test('jobs that wait in a database are read under the names that 0.1 gave them', () => {
  const stored = JOB_KINDS.map(({ payload }) => [payload.kind, payload.schema.encode('a')]);
  expect(Object.fromEntries(stored)).toMatchObject({
    import: { importId: 'a' },
    train: { runId: 'a' },
    results: { resultId: 'a' },
  });
});

test.each(JOB_KINDS)('$payload.kind: a payload is its id and nothing else', ({ payload }) => {
  expect(payload.schema.parse(payload.schema.encode('a'))).toBe('a');
  expect(() => payload.schema.parse({ other: 'a' })).toThrow(/Id/);
  expect(() => payload.schema.parse(null)).toThrow();
});
