/** @file In what numbers a run's frozen backbone computes. */
import { z } from 'zod';
import { findCatalogBackbone } from './backbone-catalog.ts';
import { DomainError } from './errors.ts';
import type { FitNeeds } from './training/fit-needs.ts';

export const PRECISIONS = ['float32', 'int8'] as const;
export const precisionSchema = z.enum(PRECISIONS);
export type Precision = z.infer<typeof precisionSchema>;

/** Between which values the tensors of a backbone are stored in 8 bits, and how that was found. */
export const calibrationSchema = z.object({
  /** Paths of the training images that were looked at. */
  images: z.array(z.string()),
  /** Least and largest value, by the tensor's name in the backbone. */
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
});
export type Calibration = z.infer<typeof calibrationSchema>;

/** As tables have it: versions of one backbone in other precisions are other rows. */
export function backboneLabel({ name, calibration }: LabeledBackbone): string {
  return calibration === undefined ? name : `${name} int8`;
}

interface LabeledBackbone {
  readonly name: string;
  readonly calibration?: Calibration | undefined;
}

export interface PrecisionChoice {
  readonly precision?: Precision | undefined;
  /** In words. */
  readonly method: string;
  readonly needs: FitNeeds;
  /** Its name; null for a file that nobody has opened yet. */
  readonly backbone: string | null;
}

/** @throws DomainError INVALID_INPUT where int8 is asked for and can't be had. */
export function assertPrecision({ precision, method, needs, backbone }: PrecisionChoice): void {
  if (precision !== 'int8') return;
  if (needs.input.kind === 'featuresInStep')
    throw refusal(
      `${method} is fitted to images themselves, which was never checked in int8.`,
      'Choose precision float32, or a method that is fitted to features, as PatchCore.',
    );
  if (needs.preprocessing.tiles !== undefined)
    throw refusal(
      'Tiles were never checked in int8.',
      'Choose precision float32, or leave out tileRows and tileColumns.',
    );
  const architecture = backbone === null ? undefined : findCatalogBackbone(backbone)?.architecture;
  const isOther = architecture !== undefined && !architecture.includes('resnet');
  if (isOther || needs.input.strides.length === 0)
    throw refusal(
      `${isOther ? backbone : method} is made of more than convolutions, which alone gain by int8.`,
      'Choose precision float32, or one of the backbones standard, compact and the ResNets.',
    );
}

function refusal(message: string, fix: string): DomainError {
  return new DomainError('INVALID_INPUT', message, { field: 'precision', fix });
}
