/** @file Where a platform keeps what its replicas share: in its home, or in a bucket of an S3 server. */
import { DomainError } from './errors.ts';
import { parseS3Path, type S3Access, type S3Address, s3AccessOf } from './s3-address.ts';

export interface S3Setting extends S3Address, S3Access {
  readonly kind: 's3';
  /** Bound of the copies that are kept on this machine. */
  readonly cacheBytes: number;
}

export type StoreSetting = { readonly kind: 'folder' } | S3Setting;

/** Who a database's store is, so that no other one is taken for it. */
export interface StorePlace {
  /** Machine or server. */
  readonly host: string;
  /** Folder, or `s3://bucket/prefix`. */
  readonly directory: string;
  /** Makes it where there is none. @throws DomainError when the store can't be used */
  ensureId(): Promise<string>;
  readId(): Promise<string | null>;
  /** Whether the place that a database knows is another than this one, and has the same id. */
  isCopyOf(known: StoreRecord): Promise<boolean>;
}

export interface StoreRecord {
  readonly id: string;
  readonly host: string;
  readonly directory: string;
}

/** What errors of a store elsewhere name: what to correct. */
export const STORE_FIELD = 'PLUMBLINE_STORE';

/** Whether a store elsewhere could not be used: what it was asked for may be asked for again. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof DomainError)) return false;
  return error.code === 'UNAVAILABLE' && error.field === STORE_FIELD;
}

/**
 * Of machines that share a store elsewhere, another one has taken an upload. It may pass: whoever has it can take the job, too.
 * @param who Is to run there.
 */
export function uploadElsewhere(host: string, who: 'trainer' | 'API'): DomainError {
  return new DomainError('UNAVAILABLE', `The upload is not on ${host}, but on another machine.`, {
    field: 'source.uploadId',
    fix: `Uploads stay on the machine that took them: start it again where ${who === 'API' ? 'an API' : 'a trainer'} runs on that machine, or put the files into the bucket and name their address, s3://…, in place of an upload.`,
  });
}

/** In the folder of the images, or among those of the bucket. */
export const STORE_ID_FILE = 'store-id';

const CACHE_GB = 20;
/** Narrower than S3's own: the names of stored files are of the same letters. */
const PREFIX = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*$/;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * @param variables Of the environment: `PLUMBLINE_STORE`, `PLUMBLINE_STORE_CACHE_GB` and those of AWS.
 * @throws DomainError INVALID_INPUT naming the variable
 */
export function storeSettingOf(variables: Variables): StoreSetting {
  const given = variables['PLUMBLINE_STORE']?.trim() ?? '';
  if (given === '') return { kind: 'folder' };
  const address = parseS3Path(given);
  if (address === null || !PREFIX.test(address.prefix)) {
    throw new DomainError('INVALID_INPUT', `PLUMBLINE_STORE is "${given}".`, {
      field: 'PLUMBLINE_STORE',
      fix: 'Give s3://bucket or s3://bucket/prefix with letters, digits, dots, hyphens and underscores, or leave it out to store in PLUMBLINE_HOME.',
    });
  }
  return {
    ...{ kind: 's3', ...address, ...s3AccessOf(variables) },
    cacheBytes: cacheBytes(variables['PLUMBLINE_STORE_CACHE_GB']),
  };
}

function cacheBytes(value: string | undefined): number {
  if (value === undefined || value === '') return CACHE_GB * 1e9;
  const number = Number(value);
  if (number > 0 && Number.isFinite(number)) return number * 1e9;
  throw new DomainError('INVALID_INPUT', `PLUMBLINE_STORE_CACHE_GB is "${value}".`, {
    field: 'PLUMBLINE_STORE_CACHE_GB',
    fix: 'Give gigabytes above 0, such as 20, or leave it out.',
  });
}
