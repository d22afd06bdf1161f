/** @file A trainer: takes imports and training runs from the queue until it is told to stop. */
import { randomUUID } from 'node:crypto';
import { TRAINER_HEARTBEAT_MS } from '@plumbline/contracts';
import { openStores } from '@plumbline/data';
import {
  openDatabase,
  SupersededError,
  startQueueWorker,
  takeOverLostTrainers,
} from '@plumbline/db';
import { readEnvironment } from './env.ts';
import { jobHandlers, shortJobHandlers } from './job-handlers.ts';
import { sweepBlobs } from './sweep-blobs.ts';
import { sweepPictures } from './sweep-pictures.ts';
import { removeOldCheckpoints } from './training/fit/old-checkpoints.ts';
import { removeLeftBundles } from './training/publish/left-bundles.ts';

const TIDY_EVERY_MS = 6 * 3_600_000;

const environment = readEnvironment();
const database = await openDatabase(environment.databaseUrl);
const stores = openStores(environment.home, environment.store);
await database.store.claim(stores.place);
const trainerId = randomUUID();

/** A trainer that was killed leaves its jobs locked: they are given back before this one looks for work. */
async function takeOver(): Promise<void> {
  for (const id of await takeOverLostTrainers(environment.databaseUrl))
    console.log(`Taking over ${id} from a trainer that is gone.`);
}

await takeOver();
await database.trainers.register({ id: trainerId, host: environment.host, pid: process.pid });
const worker = await startQueueWorker({
  url: environment.databaseUrl,
  trainerId,
  handlers: jobHandlers({ ...environment, trainerId, database, stores }),
  shortHandlers: shortJobHandlers({ ...environment, database }),
  onJobError({ kind, id, tries, error }) {
    // Another trainer has the job: nothing is wrong, and the queue has nothing to do.
    if (error instanceof SupersededError) return;
    console.error(`The queue takes ${kind} ${id} again after try ${tries} failed:`, error);
  },
});

/** While the database was away nobody could be heard of: the others get time to say that they live. */
let trustsSilenceAt = 0;
let isAway = false;
const heartbeat = setInterval(() => {
  database.trainers
    .heartbeat(trainerId)
    .then(async () => {
      isAway = false;
      if (Date.now() >= trustsSilenceAt) await takeOver();
    })
    .catch((error: unknown) => {
      trustsSilenceAt = Date.now() + 4 * TRAINER_HEARTBEAT_MS;
      // Once: each is many lines, and the disk may be what is full.
      if (!isAway) console.error('Heartbeat failed:', error);
      isAway = true;
    });
}, TRAINER_HEARTBEAT_MS);

async function tidy(): Promise<void> {
  const { home, checkpointDays: keptDays } = environment;
  await removeOldCheckpoints(database, { store: stores.checkpoints, keptDays });
  await removeLeftBundles(database, stores.bundles);
  const swept = await sweepBlobs(database, stores.blobs);
  await sweepPictures(database, home.cache);
  if (swept > 0) console.log(`Removed ${swept} images that nothing refers to.`);
}
const tidyUp = () =>
  void tidy().catch((error: unknown) => console.error('What is left over was not removed:', error));
tidyUp();
setInterval(tidyUp, TIDY_EVERY_MS).unref();
process.send?.({ type: 'ready' });
console.log(`Trainer ${trainerId} is waiting for work.`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(heartbeat);
  await worker.stop();
  await database.trainers.remove(trainerId);
  await database.close();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
process.on('disconnect', () => void stop());
