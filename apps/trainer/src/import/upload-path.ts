/** @file Where files that were uploaded, or are on the server, are. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import {
  DomainError,
  type FilesSource,
  type PlatformHome,
  uploadElsewhere,
} from '@plumbline/contracts';
import type { Stores } from '@plumbline/data';

/** @throws DomainError INVALID_INPUT for an id that is a path. */
export function uploadPath(home: PlatformHome, uploadId: string): string {
  if (basename(uploadId) === uploadId) return join(home.uploads, uploadId);
  throw new DomainError('INVALID_INPUT', 'There is no upload with this id.', {
    field: 'source.uploadId',
    fix: 'Give the id that the finished upload was answered with.',
  });
}

/** @throws DomainError UNAVAILABLE for an upload that another machine has: a trainer there can take the job */
export function filesOf(
  { home, stores }: { readonly home: PlatformHome; readonly stores: Pick<Stores, 'place'> },
  source: FilesSource,
): string {
  if (source.kind === 'path') return source.path;
  const path = uploadPath(home, source.uploadId);
  const isShared = typeof stores.place !== 'string';
  if (isShared && !existsSync(path)) throw uploadElsewhere(hostname(), 'trainer');
  return path;
}
