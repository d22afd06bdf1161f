/** @file The checkpoints of a run: of its method, and of what is trained after it. */
import { isNoRoom } from '@plumbline/contracts';
import type { ObjectStore } from '@plumbline/data';
import type { Attempt } from '@plumbline/db';
import {
  type CheckpointFile,
  type CheckpointFileOptions,
  checkpointFile,
} from './checkpoint-file.ts';

export interface RunCheckpoints {
  readonly method: CheckpointFile;
  /** Its clock starts with the call. */
  decoder(): CheckpointFile;
  /** To be called when nobody will resume. */
  remove(): Promise<void>;
}

export interface RunCheckpointsOptions extends Omit<CheckpointFileOptions, 'attempt'> {
  /** A sentence for the run's log that a person should see. */
  warn(text: string): Promise<void>;
}

/** @param options Of the method's checkpoints. */
export function runCheckpoints(
  store: ObjectStore,
  attempt: Attempt,
  { warn, ...options }: RunCheckpointsOptions,
): RunCheckpoints {
  const own = { ...options, attempt: attempt.number };
  const method = checkpointFile(store, attempt.id, own);
  const decoder = () =>
    checkpointFile(store, `${attempt.id}.decoder`, { ...own, startedAt: performance.now() });
  return {
    method: outlastFullDisk(method, warn),
    decoder: () => outlastFullDisk(decoder(), warn),
    async remove() {
      await method.remove();
      await decoder().remove();
    },
  };
}

/** A checkpoint that finds no room ends no training: it goes on, and the next one is tried when it is due. */
function outlastFullDisk(
  file: CheckpointFile,
  warn: (text: string) => Promise<void>,
): CheckpointFile {
  let isWarned = false;
  return {
    ...file,
    get seconds() {
      return file.seconds;
    },
    async save(state) {
      try {
        await file.save(state);
        isWarned = false;
      } catch (error) {
        if (!isNoRoom(error) || !(error instanceof Error)) throw error;
        if (!isWarned)
          await warn(
            `${error.message} Training goes on without a checkpoint: if it is interrupted, it resumes from an earlier one. Free some space.`,
          );
        isWarned = true;
      }
    },
  };
}
