/** @file Turns whatever a query or mutation threw into the sentence, file and fix that people read. */
import { type ErrorBody, errorBodySchema } from '@plumbline/contracts';
import { TRPCClientError } from '@trpc/client';

const UNREACHABLE: ErrorBody = {
  code: 'UNAVAILABLE',
  message: 'The Plumbline API does not answer.',
  fix: 'Check that the platform is running (plumb status), then try again.',
  file: null,
  field: null,
};

/** The API's own error body where there is one; a plain account of the failure otherwise. */
export function errorBodyOf(error: unknown): ErrorBody {
  if (error instanceof TRPCClientError) {
    const data: unknown = error.data;
    const carried =
      typeof data === 'object' && data !== null && 'plumbline' in data ? data.plumbline : null;
    const body = errorBodySchema.safeParse(carried);
    if (body.success) return body.data;
    // Whoever is not let in gets no answer of a procedure, but that of every other route.
    const refusal = errorBodySchema.safeParse(errorMember(error.meta?.['responseJSON']));
    if (refusal.success) return refusal.data;
    if (data === undefined || data === null) return UNREACHABLE;
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message, fix: null, file: null, field: null };
}

/** The error of a raw route, `{ error: ErrorBody }`, or a sentence with the status when the body is something else. */
export function errorBodyOfJson(body: unknown, status: number): ErrorBody {
  const parsed = errorBodySchema.safeParse(errorMember(body));
  if (parsed.success) return parsed.data;
  return { ...UNREACHABLE, message: `The Plumbline API answered with status ${status}.` };
}

function errorMember(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
}
