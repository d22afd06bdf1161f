/** @file What an S3 server or its client says, as what a person can do about it. */
import {
  DomainError,
  type ErrorCode,
  type S3Access,
  type S3Address,
  STORE_FIELD,
  s3PathOf,
} from '@plumbline/contracts';

const VARIABLES = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or AWS_PROFILE)';
const UNREACHABLE = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'TimeoutError',
];
const DENIED = ['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidSecurity'];

/** What a bucket is for, as far as it shows in an error. */
export interface S3Purpose {
  /** Where its address comes from, and what people call that. */
  readonly field: string;
  readonly address: string;
  readonly rights: string;
  /** What holds while the server is away. */
  readonly meanwhile: string;
  /** Of what stays wrong until somebody corrects a setting. */
  readonly code: 'UNAVAILABLE' | 'INVALID_INPUT';
}

export const STORE_PURPOSE: S3Purpose = {
  field: STORE_FIELD,
  address: 'PLUMBLINE_STORE',
  rights: 'list, read, write and delete',
  meanwhile: ' What was stored before is intact.',
  // What is tried again succeeds once it is corrected.
  code: 'UNAVAILABLE',
};
export const SOURCE_PURPOSE: S3Purpose = {
  field: 'source.path',
  address: 'the path',
  rights: 'list and read',
  meanwhile: '',
  code: 'INVALID_INPUT',
};

/** A prefix, and the server that it is on. */
export type S3Place = S3Address & S3Access;

export function serverOf({ endpoint }: S3Access): string {
  return endpoint ?? 's3.amazonaws.com';
}

/** @returns Whatever it was, unless somebody can do something about it. */
export function s3Failure(error: unknown, place: S3Place, purpose: S3Purpose): unknown {
  const { name, code, status, message } = partsOf(error);
  const { field, address, rights, meanwhile } = purpose;
  const where = `${s3PathOf(place)} on ${serverOf(place)}`;
  const refuse = (text: string, fix: string, errorCode: ErrorCode = purpose.code) =>
    new DomainError(errorCode, text, { field, fix, cause: error });
  if (name === 'NoSuchBucket')
    return refuse(
      `There is no bucket "${place.bucket}" on ${serverOf(place)}.`,
      `Create it, or correct ${address} or AWS_ENDPOINT_URL_S3.`,
    );
  if (name === 'CredentialsProviderError')
    return refuse(`There are no credentials for ${where}.`, `Set ${VARIABLES}.`);
  if (status === 401 || status === 403 || DENIED.includes(name))
    return refuse(
      `${where} refuses the credentials: ${message}.`,
      `Set ${VARIABLES} of somebody who may ${rights} there.`,
    );
  if (status === 301 || name === 'PermanentRedirect' || /region is missing/i.test(message))
    return refuse(`The region of ${where} is another, or missing.`, 'Set AWS_REGION to it.');
  // The client compares what came with what the server says that it keeps.
  if (/^checksum mismatch/i.test(message))
    return refuse(
      `${where} is damaged: its bytes changed.`,
      'Check the server, and put the object back from a copy.',
      'DEFECT',
    );
  if (UNREACHABLE.some((word) => word === code || word === name))
    return refuse(
      `${where} does not answer (${code || name}).`,
      `Check that the server runs, and AWS_ENDPOINT_URL_S3 or AWS_REGION.${meanwhile}`,
      'UNAVAILABLE',
    );
  return error;
}

function partsOf(error: unknown) {
  const { name, code, message, $metadata } = Object(error) as {
    name?: unknown;
    code?: unknown;
    message?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  };
  return {
    name: String(name ?? ''),
    code: String(code ?? ''),
    message: String(message ?? '').replace(/\.$/, ''),
    status: Number($metadata?.httpStatusCode ?? 0),
  };
}

/** There is no such object; a missing bucket is another matter. */
export function isNotFound(error: unknown): boolean {
  const { name, status } = partsOf(error);
  return name === 'NoSuchKey' || name === 'NotFound' || (status === 404 && name !== 'NoSuchBucket');
}
