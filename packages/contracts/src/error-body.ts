/** @file What an error looks like on the wire and in `--json` output. */
import { z } from 'zod';
import { ERROR_STATUS, type ErrorBody, type ErrorCode } from './errors.ts';

const errorCodes = Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]];

export const errorBodySchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  /** What the user can do about it. */
  fix: z.string().nullable(),
  /** The file, relative to what was imported, that is at fault. */
  file: z.string().nullable(),
  /** The input field that is at fault. */
  field: z.string().nullable(),
}) satisfies z.ZodType<ErrorBody>;
