/** @file Any thrown value as the body that clients read: the users' faults by code and field, all else as a defect. */
import { DomainError, type ErrorBody, type ErrorCode, toErrorBody } from '@plumbline/contracts';
import { isDatabaseAway, isGone } from '@plumbline/db';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { describeInputIssues } from './describe-input-issues.ts';

export function describeError(error: unknown): ErrorBody {
  if (error instanceof DomainError) return error.toBody();
  if (error instanceof TRPCError) return describeTrpcError(error);
  if (error instanceof z.core.$ZodError) return describeInputIssues(error.issues);
  if (isHttpError(error)) return describeHttpError(error);
  return describeDefect(error);
}

/** What belongs in the log. */
export function isDefect({ code }: Pick<ErrorBody, 'code'>): boolean {
  return code === 'INTERNAL' || code === 'DEFECT';
}

/** A database that starts again takes a second or two. */
function describeDatabaseAway(): ErrorBody {
  return body(
    'UNAVAILABLE',
    'The database does not answer at the moment.',
    'Send the request again in a few seconds. If that goes on, see logs/platform.log in the home folder.',
  );
}

function describeGone(): ErrorBody {
  return body(
    'NOT_FOUND',
    'Something that this needs was deleted in the meantime.',
    'Look at what is there, and ask again.',
  );
}

/** One line: the rest of such messages is source code and paths of the server, which the log has. */
function describeDefect(error: unknown): ErrorBody {
  if (isDatabaseAway(error)) return describeDatabaseAway();
  if (isGone(error)) return describeGone();
  const body = toErrorBody(error);
  if (!(error instanceof Error) || body.code !== 'INTERNAL') return body;
  const lines = error.message.split('\n').filter((line) => line.trim() !== '');
  // The database client shows the call first and says what is wrong with it last.
  const line = error.name.startsWith('PrismaClient') ? lines.at(-1) : lines[0];
  return { ...body, message: `Unexpected failure: ${line ?? error.name}` };
}

function describeTrpcError(error: TRPCError): ErrorBody {
  const { cause, code } = error;
  if (code === 'BAD_REQUEST' && cause instanceof z.core.$ZodError) {
    return describeInputIssues(cause.issues);
  }
  if (cause instanceof DomainError) return cause.toBody();
  switch (code) {
    case 'NOT_FOUND':
      return body('NOT_FOUND', 'There is no such procedure.', 'See /docs for the list.');
    case 'METHOD_NOT_SUPPORTED':
      return body(
        'METHOD_NOT_ALLOWED',
        error.message,
        'Send queries by GET and mutations by POST.',
      );
    case 'PARSE_ERROR':
    case 'BAD_REQUEST':
      return body('INVALID_INPUT', `The request can't be read: ${error.message}`, 'Send JSON.');
    case 'PAYLOAD_TOO_LARGE':
      return body('TOO_LARGE', error.message, 'Send less at a time.');
    case 'UNSUPPORTED_MEDIA_TYPE':
      return body('UNSUPPORTED', error.message, 'Send JSON.');
    case 'CLIENT_CLOSED_REQUEST':
      return body('CANCELLED', 'The client ended the request.', null);
    default:
      return describeDefect(cause ?? error);
  }
}

interface HttpError {
  readonly statusCode: number;
  readonly message: string;
}

/** Fastify's own refusals carry a status; those of 500 and above are not the client's fault. */
function isHttpError(error: unknown): error is HttpError {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  );
}

function describeHttpError({ statusCode, message }: HttpError): ErrorBody {
  switch (statusCode) {
    case 404:
      return body('NOT_FOUND', message, 'See /docs for the addresses that exist.');
    case 413:
      return body('TOO_LARGE', 'The body of the request is too large.', 'Send less at a time.');
    case 415:
      return body('UNSUPPORTED', message, 'Set a Content-Type that /docs lists for this address.');
    default:
      return body('INVALID_INPUT', message, 'See /docs for what the address accepts.');
  }
}

function body(code: ErrorCode, message: string, fix: string | null): ErrorBody {
  return { code, message, fix, file: null, field: null };
}
