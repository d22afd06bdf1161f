/** @file Tests of how failures become sentences. */
import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { errorBodyOf, errorBodyOfJson } from './errors.ts';

const BODY = {
  code: 'CONFLICT',
  message: 'Taken.',
  fix: 'Choose another name.',
  file: null,
  field: 'name',
};

describe('errorBodyOf', () => {
  it('finds the body that the API sent', () => {
    const shape = { message: 'x', code: -32009, data: { plumbline: BODY } };
    const error = TRPCClientError.from({ error: shape } as never);
    expect(errorBodyOf(error)).toEqual(BODY);
  });
  it('finds the body of a route that let nobody in', () => {
    const error = TRPCClientError.from(new Error('Unable to transform'), {
      meta: { responseJSON: { status: 401, error: { ...BODY, code: 'UNAUTHORIZED' } } },
    });
    expect(errorBodyOf(error)).toEqual({ ...BODY, code: 'UNAUTHORIZED' });
  });
  it('says that the API does not answer', () => {
    const error = TRPCClientError.from(new TypeError('fetch failed'));
    expect(errorBodyOf(error).code).toBe('UNAVAILABLE');
  });
  it('keeps the message of anything else', () => {
    expect(errorBodyOf(new Error('odd'))).toMatchObject({ code: 'INTERNAL', message: 'odd' });
  });
});

describe('errorBodyOfJson', () => {
  it('reads a raw route', () => expect(errorBodyOfJson({ error: BODY }, 409)).toEqual(BODY));
  it('names the status of an unknown answer', () => {
    expect(errorBodyOfJson('<html>', 502).message).toContain('502');
  });
});
