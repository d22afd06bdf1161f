import { DomainError } from '@plumbline/contracts';
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeError } from './describe-error.ts';

function issuesOf(schema: z.ZodType, value: unknown): z.ZodError {
  const { error } = schema.safeParse(value);
  if (error === undefined) throw new Error('it is valid');
  return error;
}

test('a domain error is kept, also inside a tRPC error', () => {
  const error = new DomainError('CONFLICT', 'taken', { field: 'name', fix: 'Choose another.' });
  expect(describeError(error)).toEqual(error.toBody());
  const wrapped = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: error });
  expect(describeError(wrapped)).toEqual(error.toBody());
});

test('the first field at fault is named, the others are in the fix', () => {
  const schema = z.object({ a: z.object({ b: z.string() }), c: z.number() });
  const cause = issuesOf(schema, { a: {}, c: 'x' });
  const wrapped = new TRPCError({ code: 'BAD_REQUEST', cause });
  expect(describeError(wrapped)).toMatchObject({
    code: 'INVALID_INPUT',
    field: 'a.b',
    message: 'The field "a.b" is missing.',
    fix: 'Correct "c" as well.',
  });
});

test('an answer that breaks its own schema is a defect, not an input error', () => {
  const cause = issuesOf(z.string(), 1);
  const wrapped = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause });
  expect(describeError(wrapped).code).toBe('INTERNAL');
});

test('of a defect one line is told', () => {
  const body = describeError(new Error('first\n  at /srv/secret.ts:3'));
  expect(body).toMatchObject({ code: 'INTERNAL', message: 'Unexpected failure: first' });
  const database = new Error('call in\n/srv/secret.ts\n\nUnknown argument.');
  database.name = 'PrismaClientValidationError';
  expect(describeError(database).message).toBe('Unexpected failure: Unknown argument.');
});
