/** @file After each integration test file, no process that it started may still run. */
import { afterAll } from 'vitest';
import { findLeftovers, markProcess } from './leftover-processes.ts';

/** A busy machine takes seconds to end a process; who leaves none does not wait. */
const GRACE_MS = 20_000;

const mark = markProcess();

// Registered before the file's own hooks, and so run after them.
afterAll(async () => {
  const leftovers = await findLeftovers(mark, GRACE_MS);
  if (leftovers.length === 0) return;
  const lines = leftovers.map(({ pid, command }) => `  ${pid}: ${command}`);
  throw new Error(
    `The tests of this file are done, but processes that they started still run; stop them in the tests:\n${lines.join('\n')}`,
  );
});
