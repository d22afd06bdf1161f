/** @file The tRPC instance: its context, OpenAPI metadata and the shape of errors. */
import { ERROR_STATUS } from '@plumbline/contracts';
import { initTRPC } from '@trpc/server';
import type { OpenApiMeta } from 'trpc-to-openapi';
import type { Context } from './context.ts';
import { describeError } from './errors/describe-error.ts';
import { assertPlainText } from './errors/plain-text.ts';
import { trpcErrorCode } from './errors/trpc-error-code.ts';

export interface ProcedureMeta extends OpenApiMeta {
  /** Over REST: the address of what was made, of the answer and of the request's path. Then the status is 201. */
  readonly created?: (made: never, params: Readonly<Record<string, string>>) => string;
}

const trpc = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    errorFormatter({ shape, error, path }) {
      const plumbline = describeError(error);
      return {
        code: shape.code,
        message: plumbline.message,
        data: {
          code: trpcErrorCode(plumbline.code),
          httpStatus: ERROR_STATUS[plumbline.code],
          ...(path === undefined ? {} : { path }),
          plumbline,
        },
      };
    },
  });

export const { router } = trpc;

/** Every procedure, over tRPC as over REST. */
export const procedure = trpc.procedure.use(async ({ getRawInput, next }) => {
  assertPlainText(await getRawInput());
  return next();
});
