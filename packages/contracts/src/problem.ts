/** @file Errors as REST answers them: problem details (RFC 9457), with the error itself as an extension member. */
import { z } from 'zod';
import { errorBodySchema } from './error-body.ts';
import { ERROR_STATUS, type ErrorBody, type ErrorCode } from './errors.ts';

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

export const problemSchema = z.object({
  /** Names the kind of problem, `urn:plumbline:problem:<code>`; nothing to look up. */
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  /** The sentence of `error.message`. */
  detail: z.string(),
  error: errorBodySchema,
  /** As in the header `X-Request-Id` and in the log. */
  requestId: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;

const TITLES: Record<ErrorCode, string> = {
  INVALID_INPUT: 'The request is not valid',
  UNAUTHORIZED: 'The API key is missing or wrong',
  FORBIDDEN: 'Not allowed',
  NOT_FOUND: 'Not found',
  METHOD_NOT_ALLOWED: 'The address has no such method',
  CONFLICT: 'In conflict with what is there',
  TOO_LARGE: 'Too large',
  UNSUPPORTED: 'The content type is not taken',
  TOO_MANY: 'Too much at once',
  CANCELLED: 'Cancelled',
  UNAVAILABLE: 'Not available at the moment',
  INTERNAL: 'A defect',
  DEFECT: 'A defect that another try does not change',
};

export function toProblem(error: ErrorBody, requestId: string): Problem {
  return {
    type: `urn:plumbline:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: TITLES[error.code],
    status: ERROR_STATUS[error.code],
    detail: error.message,
    error,
    requestId,
  };
}
