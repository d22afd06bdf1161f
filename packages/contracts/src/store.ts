/** @file Where a platform keeps what its replicas share: in its home, or in a bucket of an S3 server. */
import { DomainError } from './errors.ts';

export interface S3Setting {
  readonly kind: 's3';
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  /** Null: Amazon's own, by region. */
  readonly endpoint: string | null;
  /** Null: as the AWS configuration of the machine says. */
  readonly region: string | null;
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

/** In the folder of the images, or among those of the bucket. */
export const STORE_ID_FILE = 'store-id';

const CACHE_GB = 20;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*$/;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * @param variables Of the environment: `PLUMBLINE_STORE`, `PLUMBLINE_STORE_CACHE_GB` and those of AWS.
 * @throws DomainError INVALID_INPUT naming the variable
 */
export function storeSettingOf(variables: Variables): StoreSetting {
  const given = variables['PLUMBLINE_STORE']?.trim() ?? '';
  if (given === '') return { kind: 'folder' };
  const [, bucket = '', rest = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(given) ?? [];
  const prefix = rest === '' || rest.endsWith('/') ? rest : `${rest}/`;
  if (!BUCKET.test(bucket) || !PREFIX.test(prefix)) {
    throw new DomainError('INVALID_INPUT', `PLUMBLINE_STORE is "${given}".`, {
      field: 'PLUMBLINE_STORE',
      fix: 'Give s3://bucket or s3://bucket/prefix with letters, digits, dots, hyphens and underscores, or leave it out to store in PLUMBLINE_HOME.',
    });
  }
  return {
    ...{ kind: 's3', bucket, prefix },
    endpoint: firstOf(variables, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'),
    region: firstOf(variables, 'AWS_REGION', 'AWS_DEFAULT_REGION'),
    cacheBytes: cacheBytes(variables['PLUMBLINE_STORE_CACHE_GB']),
  };
}

function firstOf(variables: Variables, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = variables[name]?.trim() ?? '';
    if (value !== '') return value;
  }
  return null;
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
