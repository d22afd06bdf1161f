/** @file The checkpoints of a run: of its method, and of what is trained after it. */
import { DomainError, isNoRoom, isStoreAway } from '@plumbline/contracts';
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

const FREE_SPACE = 'Free some space.';

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
    method: outlastFailedSave(method, warn),
    decoder: () => outlastFailedSave(decoder(), warn),
    async remove() {
      try {
        await method.remove();
        await decoder().remove();
      } catch (error) {
        // The trainer's sweep removes what is left of a run that has ended.
        if (!isStoreAway(error)) throw error;
      }
    },
  };
}

/**
 * A checkpoint that finds no room, or its store away, ends no training: it goes on, and the next one is tried when it is due.
 */
function outlastFailedSave(
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
        if (!(error instanceof Error) || !(isNoRoom(error) || isStoreAway(error))) throw error;
        const fix = isStoreAway(error) && error instanceof DomainError ? error.fix : FREE_SPACE;
        if (!isWarned)
          await warn(
            `${error.message} Training goes on without a checkpoint: if it is interrupted, it resumes from an earlier one. ${fix}`,
          );
        isWarned = true;
      }
    },
  };
}
