/** @file A trainer for tests: takes a run, says so, and never finishes it. Arguments: database URL, trainer id. */
import { hostname } from 'node:os';
import { openDatabase, startQueueWorker } from '../index.ts';

const [url = '', trainerId = ''] = process.argv.slice(2);
const database = await openDatabase(url);
await database.trainers.register({ id: trainerId, host: hostname(), pid: process.pid });
await startQueueWorker({
  url,
  trainerId,
  handlers: {
    import: async () => {},
    train: async ({ id }) => {
      process.send?.(id);
      await new Promise(() => {});
    },
  },
});
process.on('disconnect', () => process.exit());
