/** @file What an S3 server or its client says, as what a person can do about it. */
import { DomainError, type S3Setting } from '@plumbline/contracts';

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

export function nameOf({ bucket, prefix }: S3Setting): string {
  return `s3://${bucket}/${prefix}`.replace(/\/$/, '');
}

export function serverOf({ endpoint }: S3Setting): string {
  return endpoint ?? 's3.amazonaws.com';
}

/** @returns Whatever it was, unless somebody can do something about it. */
export function s3Failure(error: unknown, setting: S3Setting): unknown {
  const { name, code, status, message } = partsOf(error);
  const where = `${nameOf(setting)} on ${serverOf(setting)}`;
  const refuse = (text: string, fix: string) =>
    new DomainError('UNAVAILABLE', text, { field: 'PLUMBLINE_STORE', fix, cause: error });
  if (name === 'NoSuchBucket')
    return refuse(
      `There is no bucket "${setting.bucket}" on ${serverOf(setting)}.`,
      'Create it, or correct PLUMBLINE_STORE or AWS_ENDPOINT_URL_S3.',
    );
  if (name === 'CredentialsProviderError')
    return refuse(`There are no credentials for ${where}.`, `Set ${VARIABLES}.`);
  if (status === 401 || status === 403 || DENIED.includes(name))
    return refuse(
      `${where} refuses the credentials: ${message}.`,
      `Set ${VARIABLES} of somebody who may list, read, write and delete there.`,
    );
  if (status === 301 || name === 'PermanentRedirect' || /region is missing/i.test(message))
    return refuse(`The region of ${where} is another, or missing.`, 'Set AWS_REGION to it.');
  if (UNREACHABLE.some((word) => word === code || word === name))
    return refuse(
      `${where} does not answer (${code || name}).`,
      'Check that the server runs, and AWS_ENDPOINT_URL_S3 or AWS_REGION. What was stored before is intact.',
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
