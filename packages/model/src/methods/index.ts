/** @file The methods by name. A new method is a folder here and a line below. */
import { DomainError, type MethodName } from '@plumbline/contracts';
import { cflow } from './cflow/cflow.ts';
import { diffusionad } from './diffusionad/diffusionad.ts';
import { dinomaly } from './dinomaly/dinomaly.ts';
import { draem } from './draem/draem.ts';
import { fastflow } from './fastflow/fastflow.ts';
import { fod } from './fod/fod.ts';
import { inpformer } from './inpformer/inpformer.ts';
import { invad } from './invad/invad.ts';
import type { Method } from './method.ts';
import { padim } from './padim/padim.ts';
import { patchcore } from './patchcore/patchcore.ts';
import { pyramidflow } from './pyramidflow/pyramidflow.ts';
import { rd4ad } from './rd4ad/rd4ad.ts';
import { rdpp } from './rdpp/rdpp.ts';
import { retrieval } from './retrieval/retrieval.ts';
import { rlr } from './rlr/rlr.ts';
import { simplenet } from './simplenet/simplenet.ts';
import { stfpm } from './stfpm/stfpm.ts';
import { uniad } from './uniad/uniad.ts';

const METHODS = {
  rlr,
  patchcore,
  retrieval,
  padim,
  simplenet,
  stfpm,
  uniad,
  rd4ad,
  rdpp,
  cflow,
  fastflow,
  fod,
  invad,
  dinomaly,
  inpformer,
  draem,
  pyramidflow,
  diffusionad,
} as const satisfies Readonly<Record<MethodName, Method>>;

/** @throws DomainError listing the methods when there is none of that name. */
export function getMethod<Name extends MethodName>(name: Name): (typeof METHODS)[Name];
export function getMethod(name: string): Method;
export function getMethod(name: string): Method {
  if (isMethod(name)) return METHODS[name];
  throw new DomainError('INVALID_INPUT', `There is no method "${name}".`, {
    field: 'method',
    fix: `Choose one of: ${Object.keys(METHODS).join(', ')}.`,
  });
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

export { keptFeatures } from './feature-batches.ts';
export { fitViews, type Views, viewsOf } from './fit-views.ts';
export type * from './method.ts';
export { SMOOTHING_SIGMA } from './method.ts';
