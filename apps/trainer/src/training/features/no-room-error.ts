/** @file What is said when the features of a run have no room. */
import { DomainError } from '@plumbline/contracts';

/** There is no room for the features of a run. */
export class NoRoomError extends DomainError {}

export interface MissingRoom {
  readonly images: number;
  /** That their features take. */
  readonly bytes: number;
  /** Of the cache. */
  readonly folder: string;
}

/** @param why As the end of "but …". */
export function noRoomError(
  { images, bytes, folder }: MissingRoom,
  why: string,
  cause?: unknown,
): NoRoomError {
  return new NoRoomError(
    'UNAVAILABLE',
    `The features of ${images} images take ${bytesInWords(bytes)}, but ${why} (${folder}).`,
    {
      fix: 'Free disk space, raise PLUMBLINE_FEATURE_CACHE_GB, or choose fewer or coarser feature taps.',
      cause,
    },
  );
}

export function bytesInWords(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
