/** @file Where files that were uploaded, or are on the server, are. */
import { basename, join } from 'node:path';
import { DomainError, type FilesSource, type PlatformHome } from '@plumbline/contracts';

/** @throws DomainError INVALID_INPUT for an id that is a path. */
export function uploadPath(home: PlatformHome, uploadId: string): string {
  if (basename(uploadId) === uploadId) return join(home.uploads, uploadId);
  throw new DomainError('INVALID_INPUT', 'There is no upload with this id.', {
    field: 'source.uploadId',
  });
}

export function filesOf(home: PlatformHome, source: FilesSource): string {
  return source.kind === 'path' ? source.path : uploadPath(home, source.uploadId);
}
