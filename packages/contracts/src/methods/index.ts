/** @file The methods by name, the default first. A new method is a definition here and a line below. */
import { z } from 'zod';
import { cflow } from './cflow.ts';
import { diffusionad } from './diffusionad/diffusionad.ts';
import { dinomaly } from './dinomaly/dinomaly.ts';
import { draem } from './draem/draem.ts';
import { fastflow } from './fastflow.ts';
import { fod } from './fod/fod.ts';
import { inpformer } from './inpformer/inpformer.ts';
import { invad } from './invad/invad.ts';
import type { MethodDefinition } from './method.ts';
import { padim } from './padim.ts';
import { patchcore } from './patchcore.ts';
import { pyramidflow } from './pyramidflow/pyramidflow.ts';
import { rd4ad } from './rd4ad/rd4ad.ts';
import { rdpp } from './rdpp/rdpp.ts';
import { retrieval } from './retrieval.ts';
import { rlr } from './rlr/rlr.ts';
import { simplenet } from './simplenet/simplenet.ts';
import { stfpm } from './stfpm.ts';
import { uniad } from './uniad/uniad.ts';

const DEFINITIONS = {
  patchcore,
  retrieval,
  rlr,
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
} as const;

export type MethodName = keyof typeof DEFINITIONS;

export const METHODS = Object.keys(DEFINITIONS) as MethodName[];
/** What a run takes that names none: with `DEFAULT_BACKBONE` the best that minutes give (README, Results). */
export const DEFAULT_METHOD: MethodName = 'retrieval';

export const methodSchema = z.enum(METHODS);

export function methodDefinition(name: MethodName): MethodDefinition {
  return DEFINITIONS[name];
}

export * from './cflow.ts';
export * from './diffusionad/diffusionad.ts';
export * from './diffusionad/network.ts';
export * from './dinomaly/dinomaly.ts';
export type { DinomalyPreset } from './dinomaly/settings.ts';
export * from './draem/draem.ts';
export * from './draem/network.ts';
export * from './fastflow.ts';
export * from './fod/fod.ts';
export * from './fod/network.ts';
export type { FodPreset } from './fod/settings.ts';
export * from './image-descriptor.ts';
export * from './image-settings.ts';
export * from './inpformer/inpformer.ts';
export type { InpFormerPreset } from './inpformer/settings.ts';
export * from './invad/invad.ts';
export * from './invad/network.ts';
export * from './method.ts';
export * from './middle-maps.ts';
export * from './padim.ts';
export type { PatchSettings } from './patch-settings.ts';
export * from './patchcore.ts';
export * from './preset.ts';
export * from './pyramidflow/network.ts';
export * from './pyramidflow/pyramidflow.ts';
export * from './rd4ad/network.ts';
export * from './rd4ad/rd4ad.ts';
export * from './rdpp/projections.ts';
export * from './rdpp/rdpp.ts';
export * from './retrieval.ts';
export * from './rlr/level-plans.ts';
export * from './rlr/network.ts';
export * from './rlr/presets.ts';
export * from './rlr/rlr.ts';
export * from './rlr/settings.ts';
export * from './setting.ts';
export * from './setting-error.ts';
export * from './setting-fields.ts';
export * from './setting-words.ts';
export * from './settings-document.ts';
export type { SimpleNetPreset } from './simplenet/settings.ts';
export * from './simplenet/simplenet.ts';
export * from './stfpm.ts';
export * from './uniad/network.ts';
export type { UniadPreset } from './uniad/settings.ts';
export * from './uniad/uniad.ts';
