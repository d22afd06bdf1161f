import { DomainError } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { persistently } from './send-image.ts';

const { signal } = new AbortController();
const failing = (errors: unknown[]) => async () => {
  const error = errors.shift();
  if (error !== undefined) throw error;
  return 'scored';
};

it('asks again while the API is full or away, and no longer than it is told', async () => {
  const passing = [new DomainError('TOO_MANY', 'Full.'), new TypeError('fetch failed')];
  expect(await persistently(failing(passing), signal)).toBe('scored');
  const away = failing([new DomainError('UNAVAILABLE', 'Away.')]);
  await expect(persistently(away, signal, 100)).rejects.toThrow('Away.');
});

it('asks no more when the image is at fault, or somebody has stopped it', async () => {
  const wrong = [new DomainError('INVALID_INPUT', 'No image.')];
  await expect(persistently(failing(wrong), signal)).rejects.toThrow('No image.');
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(new Error('Stopped.')), 20);
  const full = failing([new DomainError('TOO_MANY', 'Full.')]);
  await expect(persistently(full, stopping.signal)).rejects.toThrow(/abort/i);
});
