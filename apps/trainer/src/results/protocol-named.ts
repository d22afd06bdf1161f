/** @file The protocol that an import states, by name. */
import { DomainError, type Protocol } from '@plumbline/contracts';
import { protocolFor } from '@plumbline/eval';

/** @throws DomainError INVALID_INPUT when there is none of that name. */
export function protocolNamed(name: string): Protocol {
  const size = /^plumbline-([1-9]\d{1,3})$/.exec(name)?.[1];
  if (size !== undefined) return protocolFor(Number(size));
  throw new DomainError('INVALID_INPUT', `There is no protocol "${name}".`, {
    field: 'protocol',
    fix: 'Use plumbline-256, or plumbline-<size> for maps of another size.',
  });
}
