/** @file Checkpoints in a folder, for tests that name a path. */
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { openFolderStore } from '@plumbline/data';
import { type CheckpointFileOptions, checkpointFile } from '../fit/checkpoint-file.ts';

/** @param path The checkpoints are `<path>.<attempt>`; what is half written is elsewhere. */
export function folderCheckpoints(path: string, options: CheckpointFileOptions) {
  const store = openFolderStore(dirname(path), join(tmpdir(), 'plumbline-half-written'));
  return checkpointFile(store, basename(path), options);
}
