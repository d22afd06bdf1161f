/** @file What the API refused, or why it did not answer, as an error with code, fix, status and request id. */
import {
  contextOf,
  DomainError,
  ERROR_STATUS,
  type ErrorBody,
  type ErrorCode,
  errorBodySchema,
} from '@plumbline/contracts';
import { z } from 'zod';

/** Of an answer; all null where none came. */
export interface AnswerFacts {
  readonly status: number | null;
  readonly requestId: string | null;
  /** What `Retry-After` asks for. */
  readonly retryAfterMs: number | null;
}

const NO_ANSWER: AnswerFacts = { status: null, requestId: null, retryAfterMs: null };

/** `code`, `message`, `fix`, `field` and `file` are the API's own where it gave them. */
export class ApiError extends DomainError {
  readonly status: number | null;
  /** Finds the request in the API's log. */
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;

  constructor(body: ErrorBody, facts: AnswerFacts = NO_ANSWER, cause?: unknown) {
    super(body.code, body.message, {
      ...contextOf(body),
      ...(cause === undefined ? {} : { cause }),
    });
    this.name = 'ApiError';
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** Whether the same may succeed in a moment: the API is busy, away or starting again. */
  get mayPass(): boolean {
    return this.code === 'TOO_MANY' || this.code === 'UNAVAILABLE';
  }
}

/** Of `/v1`, problem details (RFC 9457); of `/v2`, the form of its protocol. */
const refusalSchema = z.union([
  z.object({ error: errorBodySchema }).transform(({ error }) => error),
  z
    .object({ error: z.string(), code: errorBodySchema.shape.code })
    .transform(({ error, code }) => bodyOf(code, error, null)),
]);

/** @param response that is not ok; its body is read */
export async function apiErrorOf(response: Response, address: string): Promise<ApiError> {
  const facts = factsOf(response);
  const text = await response.text().catch(() => '');
  const refusal = refusalSchema.safeParse(jsonOf(text));
  if (refusal.success) return new ApiError(refusal.data, facts);
  const message = `${address} answered ${response.status}, and nothing that Plumbline writes.`;
  const fix = 'See whether the address is that of a Plumbline API, and what stands in front of it.';
  return new ApiError(bodyOf(codeOf(response.status), message, fix), facts);
}

export function factsOf({ status, headers }: Response): AnswerFacts {
  return {
    status,
    requestId: headers.get('x-request-id'),
    retryAfterMs: millisecondsOf(headers.get('retry-after')),
  };
}

/** Seconds, or a date. */
function millisecondsOf(retryAfter: string | null): number | null {
  if (retryAfter === null) return null;
  const ms = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * 1_000
    : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function codeOf(status: number): ErrorCode {
  const codes = Object.keys(ERROR_STATUS) as ErrorCode[];
  const code = codes.find((one) => ERROR_STATUS[one] === status);
  // What a proxy answers while nothing is behind it.
  return code ?? (status > 500 ? 'UNAVAILABLE' : 'INVALID_INPUT');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function bodyOf(code: ErrorCode, message: string, fix: string | null): ErrorBody {
  return { code, message, fix, file: null, field: null };
}
