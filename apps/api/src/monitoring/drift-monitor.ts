/** @file Looks at the drift of every promoted version from time to time. */
import { type Database, isDatabaseAway } from '@plumbline/db';

const EVERY_MS = 5 * 60_000;

export interface DriftMonitorOptions {
  readonly database: Pick<Database, 'models'>;
  check(model: string): Promise<void>;
}

/** The first time after five minutes: a start has other things to do. */
export function startDriftMonitor(options: DriftMonitorOptions): { stop(): Promise<void> } {
  let checking: Promise<void> = Promise.resolve();
  let isChecking = false;
  let isStopped = false;
  const timer = setInterval(() => {
    // A large catalog of models takes longer the first time, when training images are read.
    if (isChecking) return;
    isChecking = true;
    checking = checkAll(options, () => isStopped).finally(() => {
      isChecking = false;
    });
  }, EVERY_MS).unref();
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await checking;
    },
  };
}

async function checkAll(
  { database, check }: DriftMonitorOptions,
  isStopped: () => boolean,
): Promise<void> {
  try {
    for (const { name, promotedVersion } of await database.models.list()) {
      if (isStopped()) return;
      if (promotedVersion === null) continue;
      await check(name).catch((error: unknown) => {
        if (isDatabaseAway(error)) throw error;
        console.error(`The drift of ${name} could not be checked:`, error);
      });
    }
  } catch (error) {
    // The next time comes.
    if (!isDatabaseAway(error)) console.error('Drift could not be checked:', error);
  }
}
