/** @file The process of `statistics.ts`: one task, one answer. */
import { runStatistics, type StatisticsAnswer, type StatisticsTask } from './statistics.ts';

process.once('message', (task: StatisticsTask) => {
  const answer = (): StatisticsAnswer => {
    try {
      return { ok: true, result: runStatistics(task) };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  };
  process.send?.(answer(), undefined, undefined, () => process.disconnect());
});
