/** @file Addresses in S3 buckets, and how a server of them is found. */
import { DomainError } from './errors.ts';

export interface S3Address {
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
}

/** The server that buckets are on. */
export interface S3Access {
  /** Null: Amazon's own, by region. */
  readonly endpoint: string | null;
  /** Null: as the AWS configuration of the machine says. */
  readonly region: string | null;
}

const SCHEME = 's3://';
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Names of one folder after the other: nothing that an address could be read otherwise by. */
const FOLDER = /^(?!\.{1,2}$)[^\\\p{Cc}]+$/u;

/** Whether a path is meant as a prefix in a bucket. */
export function isS3Path(path: string): boolean {
  return path.startsWith(SCHEME);
}

/** Null for what is no `s3://bucket` or `s3://bucket/prefix`. */
export function parseS3Path(path: string): S3Address | null {
  if (!isS3Path(path)) return null;
  const [bucket = '', ...rest] = path.slice(SCHEME.length).split('/');
  const folders = rest.at(-1) === '' ? rest.slice(0, -1) : rest;
  if (!BUCKET.test(bucket) || !folders.every((folder) => FOLDER.test(folder))) return null;
  return { bucket, prefix: folders.map((folder) => `${folder}/`).join('') };
}

/** @throws DomainError INVALID_INPUT */
export function requireS3Path(path: string, field: string): S3Address {
  const address = parseS3Path(path);
  if (address !== null) return address;
  throw new DomainError('INVALID_INPUT', `"${path}" is no address of a bucket.`, {
    field,
    fix: 'Give s3://bucket or s3://bucket/prefix: the bucket in lower case, the prefix without empty names, "." and "..".',
  });
}

/** Without the `/` at its end. */
export function s3PathOf({ bucket, prefix }: S3Address): string {
  return `${SCHEME}${bucket}/${prefix}`.replace(/\/$/, '');
}

/** Whether all that begins with `inner` is in `outer`. */
export function isInS3(outer: S3Address, inner: S3Address): boolean {
  return outer.bucket === inner.bucket && inner.prefix.startsWith(outer.prefix);
}

type Variables = Readonly<Record<string, string | undefined>>;

/** @param variables Of the environment: those of AWS. */
export function s3AccessOf(variables: Variables): S3Access {
  return {
    endpoint: firstOf(variables, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'),
    region: firstOf(variables, 'AWS_REGION', 'AWS_DEFAULT_REGION'),
  };
}

function firstOf(variables: Variables, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value = variables[name]?.trim() ?? '';
    if (value !== '') return value;
  }
  return null;
}
