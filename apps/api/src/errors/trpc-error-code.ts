/** @file Our error codes as tRPC names them. */
import type { ErrorCode } from '@plumbline/contracts';
import type { TRPCError } from '@trpc/server';

type TrpcErrorCode = TRPCError['code'];

const TRPC_ERROR_CODES: Record<ErrorCode, TrpcErrorCode> = {
  INVALID_INPUT: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  METHOD_NOT_ALLOWED: 'METHOD_NOT_SUPPORTED',
  CONFLICT: 'CONFLICT',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  UNSUPPORTED: 'UNSUPPORTED_MEDIA_TYPE',
  TOO_MANY: 'TOO_MANY_REQUESTS',
  CANCELLED: 'CONFLICT',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
  DEFECT: 'INTERNAL_SERVER_ERROR',
};

export function trpcErrorCode(code: ErrorCode): TrpcErrorCode {
  return TRPC_ERROR_CODES[code];
}
