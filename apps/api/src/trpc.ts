/** @file The tRPC instance: its context, OpenAPI metadata and the shape of errors. */
import { ERROR_STATUS, type Role } from '@plumbline/contracts';
import { initTRPC } from '@trpc/server';
import type { OpenApiMeta } from 'trpc-to-openapi';
import { requireRole } from './access/require-role.ts';
import { endOf } from './audit/audit-end.ts';
import type { Context } from './context.ts';
import { describeError } from './errors/describe-error.ts';
import { assertPlainText } from './errors/plain-text.ts';
import { trpcErrorCode } from './errors/trpc-error-code.ts';

export interface ProcedureMeta extends OpenApiMeta {
  /** By the builder below that the procedure is made of. */
  readonly least?: Role;
  /** Of a mutation that changes nothing: it is one since its input is too long for an address. */
  readonly changesNothing?: true;
  /** Over REST: the address of what was made, of the answer and of the request's path. Then the status is 201. */
  readonly created?: (made: never, params: Readonly<Record<string, string>>) => string;
  /** What was made is a job that goes on: the status is 202. */
  readonly isDoneLater?: true;
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

/**
 * Over tRPC as over REST: the role first, so that nobody learns from errors what is not theirs to see. What changes something goes
 * into the audit log, and so does who was not allowed to.
 */
function procedureFor(least: Role) {
  return trpc.procedure
    .meta({ least })
    .use(async ({ ctx, type, path, meta, getRawInput, next }) => {
      const { principal, origin, audit } = ctx;
      if (type !== 'mutation' || meta?.changesNothing === true) {
        requireRole(principal, least);
        return next();
      }
      const change = { principal, origin, action: path, input: await getRawInput() };
      return audit.record(
        change,
        async () => {
          requireRole(principal, least);
          return next();
        },
        (result) => endOf(result.ok ? null : result.error),
      );
    })
    .use(async ({ getRawInput, next }) => {
      assertPlainText(await getRawInput());
      return next();
    });
}

/** Reads. */
export const viewerProcedure = procedureFor('viewer');
/** Inspects, and says what came of it. */
export const operatorProcedure = procedureFor('operator');
/** Changes datasets, runs, models or thresholds. */
export const engineerProcedure = procedureFor('engineer');
/** Keys, users and the audit log. */
export const adminProcedure = procedureFor('admin');
