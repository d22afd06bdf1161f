/** @file The checkpoints of a run: of its method, and of what is trained after it. */
import { join } from 'node:path';
import type { PlatformHome } from '@plumbline/contracts';
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

/** @param options Of the method's file. */
export function runCheckpoints(
  home: Pick<PlatformHome, 'work'>,
  runId: string,
  options: CheckpointFileOptions,
): RunCheckpoints {
  const path = join(home.work, 'checkpoints', runId);
  const method = checkpointFile(path, options);
  const decoder = () =>
    checkpointFile(`${path}.decoder`, { ...options, startedAt: performance.now() });
  return {
    method,
    decoder,
    async remove() {
      await method.remove();
      await decoder().remove();
    },
  };
}
