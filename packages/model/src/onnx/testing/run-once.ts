/** @file Runs a graph once and lets its session go. */
import type { Executor, TensorMap } from '@plumbline/contracts';

export async function runOnce(
  executor: Executor,
  model: Uint8Array,
  feeds: TensorMap,
): Promise<TensorMap> {
  const session = await executor.load(model);
  const result = await session.run(feeds);
  await session.release();
  return result;
}
