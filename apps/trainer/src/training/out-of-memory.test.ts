import { DomainError, mayPass } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { asOutOfMemory } from './out-of-memory.ts';

const where = { method: 'rlr', provider: 'webgpu' } as const;

it.each([
  'Failed to allocate memory for requested buffer of size 1073741824',
  'CUDA failure 2: out of memory ; GPU=0 ; hostname=vm',
  'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
  'Non-zero status code returned: VK_ERROR_OUT_OF_DEVICE_MEMORY',
  'std::bad_alloc',
  'Array buffer allocation failed',
  'OOM when allocating tensor with shape[64,1024]',
])('names the settings to lower for "%s"', (message) => {
  const cause = new Error(message);
  const error = asOutOfMemory(cause, where);
  expect(error).toBeInstanceOf(DomainError);
  expect(error).toMatchObject({
    ...{ code: 'UNAVAILABLE', message: 'The graphics card (webgpu) ran out of memory.', cause },
    fix: expect.stringMatching(/a lower batchSize, imageSizePx \(--set batchSize=/),
  });
  // The card may be shared: another attempt may have the room.
  expect(mayPass(error)).toBe(true);
  expect(asOutOfMemory(cause, { ...where, provider: 'cpu' })).toMatchObject({
    message: 'The machine ran out of memory.',
  });
});

it('leaves other errors as they are', () => {
  for (const error of [new Error('Got invalid dimensions'), new DomainError('CONFLICT', 'x'), 'x'])
    expect(asOutOfMemory(error, where)).toBe(error);
});
