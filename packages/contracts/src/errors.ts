/**
 * @file The one error type that crosses a boundary. Everything a user did (a bad file, a taken name, an unknown
 * tap) is a `DomainError`: a code, a sentence that names the thing, and how to fix it. Anything else is a bug.
 */

/** Error codes with the HTTP status each is answered with. */
export const ERROR_STATUS = {
  INVALID_INPUT: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  TOO_LARGE: 413,
  UNSUPPORTED: 415,
  TOO_MANY: 429,
  CANCELLED: 409,
  UNAVAILABLE: 503,
  INTERNAL: 500,
  /** Plumbline has found something broken that stays so, such as an export that differs from what was trained. */
  DEFECT: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** What an error looks like on the wire and in `--json` output: `errorBodySchema`. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fix: string | null;
  readonly file: string | null;
  readonly field: string | null;
}

export interface ErrorContext {
  readonly fix?: string;
  readonly file?: string;
  readonly field?: string;
  readonly cause?: unknown;
}

/** A failure that the user can understand and fix. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fix: string | null;
  readonly file: string | null;
  readonly field: string | null;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'DomainError';
    this.code = code;
    this.fix = context.fix ?? null;
    this.file = context.file ?? null;
    this.field = context.field ?? null;
  }

  toBody(): ErrorBody {
    const { code, message, fix, file, field } = this;
    return { code, message, fix, file, field };
  }

  static fromBody(body: ErrorBody): DomainError {
    return new DomainError(body.code, body.message, contextOf(body));
  }
}

/** What a body says beside code and message. */
export function contextOf({ fix, file, field }: ErrorBody): ErrorContext {
  return {
    ...(fix === null ? {} : { fix }),
    ...(file === null ? {} : { file }),
    ...(field === null ? {} : { field }),
  };
}

/**
 * Whether doing the same again later may succeed: a disk that was full, a database or executor that was away, a crash, a
 * defect that shows now and then. What the user asked for or gave stays as it is, and so does what a check has found.
 */
export function mayPass(error: unknown): boolean {
  return (
    !(error instanceof DomainError) || error.code === 'UNAVAILABLE' || error.code === 'INTERNAL'
  );
}

/** Of systems: disk full, quota used up, file larger than allowed. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Whether something could not be written for lack of room: the system's own error, or one that it caused. */
export function isNoRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && NO_ROOM.includes(String(error.code))) || isNoRoom(error.cause);
}

/**
 * The body for any thrown value: a bug keeps its message but says that it is one. A full disk is none, whoever met it.
 */
export function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof DomainError) return error.toBody();
  const message = error instanceof Error ? error.message : String(error);
  if (isNoRoom(error)) {
    return {
      code: 'UNAVAILABLE',
      message: `There is no room on the disk: ${message}`,
      fix: 'Free some space. What was saved before is intact.',
      file: null,
      field: null,
    };
  }
  return {
    code: 'INTERNAL',
    message: `Unexpected failure: ${message}`,
    fix: 'This is a bug in Plumbline. The log has the details; please report it.',
    file: null,
    field: null,
  };
}
