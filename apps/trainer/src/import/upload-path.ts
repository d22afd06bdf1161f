/** @file Where an upload is. */
import { basename, join } from 'node:path';
import { DomainError, type PlatformHome } from '@plumbline/contracts';

/** @throws DomainError INVALID_INPUT for an id that is a path. */
export function uploadPath(home: PlatformHome, uploadId: string): string {
  if (basename(uploadId) === uploadId) return join(home.uploads, uploadId);
  throw new DomainError('INVALID_INPUT', 'There is no upload with this id.', {
    field: 'source.uploadId',
  });
}
