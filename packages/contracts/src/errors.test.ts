import { expect, it } from 'vitest';
import {
  DomainError,
  ERROR_STATUS,
  type ErrorCode,
  isNoRoom,
  mayPass,
  toErrorBody,
} from './errors.ts';

it('takes a full disk for a failure that passes, whoever met it, and no other one for that', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
  });
  for (const error of [full, new Error('it failed', { cause: full })]) {
    expect(isNoRoom(error)).toBe(true);
    expect(mayPass(error)).toBe(true);
    const { code, message, fix } = toErrorBody(error);
    expect([code, fix]).toEqual(['UNAVAILABLE', expect.stringContaining('Free some space')]);
    expect(message).toBe(`There is no room on the disk: ${error.message}`);
  }
  for (const other of [Object.assign(new Error('gone'), { code: 'ENOENT' }), new Error('x'), 'x'])
    expect([isNoRoom(other), toErrorBody(other).code]).toEqual([false, 'INTERNAL']);
});

it('tries again what may have passed by then, and not what stays as it is', () => {
  const codes = Object.keys(ERROR_STATUS) as ErrorCode[];
  const passing = codes.filter((code) => mayPass(new DomainError(code, 'x')));
  expect(passing).toEqual(['UNAVAILABLE', 'INTERNAL']);
  expect(mayPass(new Error('a defect that shows now and then'))).toBe(true);
});
