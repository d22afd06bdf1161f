/** @file The checkpoints of a run: of its method, and of what is trained after it. */
import { join } from 'node:path';
import { isNoRoom, type PlatformHome } from '@plumbline/contracts';
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

/** @param options Of the method's file. */
export function runCheckpoints(
  home: Pick<PlatformHome, 'work'>,
  attempt: Attempt,
  { warn, ...options }: RunCheckpointsOptions,
): RunCheckpoints {
  const path = join(home.work, 'checkpoints', attempt.id);
  const own = { ...options, attempt: attempt.number };
  const method = checkpointFile(path, own);
  const decoder = () => checkpointFile(`${path}.decoder`, { ...own, startedAt: performance.now() });
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
