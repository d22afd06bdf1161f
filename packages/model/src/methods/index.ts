/** @file The methods by name. A new method is a folder here and a line below. */
import { DomainError } from '@plumbline/contracts';
import type { Method } from './method.ts';
import { padim } from './padim/padim.ts';
import { patchcore } from './patchcore/patchcore.ts';
import { retrieval } from './retrieval/retrieval.ts';
import { rlr } from './rlr/rlr.ts';
import { simplenet } from './simplenet/simplenet.ts';

const METHODS: Readonly<Record<string, Method>> = {
  rlr,
  patchcore,
  retrieval,
  padim,
  simplenet,
};

/** @throws DomainError listing the methods when there is none of that name. */
export function getMethod(name: string): Method {
  const method = METHODS[name];
  if (method !== undefined) return method;
  throw new DomainError('INVALID_INPUT', `There is no method "${name}".`, {
    field: 'method',
    fix: `Choose one of: ${Object.keys(METHODS).join(', ')}.`,
  });
}

export { keptFeatures } from './feature-batches.ts';
export type * from './method.ts';
export { SMOOTHING_SIGMA } from './method.ts';
