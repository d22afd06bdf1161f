/** @file In what numbers a run's frozen backbone is stored and computes: `float16` is stored so and computes in float32. */
import { z } from 'zod';
import { findCatalogBackbone } from './backbone-catalog.ts';
import { DomainError } from './errors.ts';
import type { FitNeeds } from './training/fit-needs.ts';

export const PRECISIONS = ['float32', 'float16', 'int8'] as const;
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
export function backboneLabel(backbone: LabeledBackbone): string {
  const other = precisionOf(backbone);
  return other === 'float32' ? backbone.name : `${backbone.name} ${other}`;
}

export function precisionOf({ precision, calibration }: Omit<LabeledBackbone, 'name'>): Precision {
  return calibration === undefined ? (precision ?? 'float32') : 'int8';
}

interface LabeledBackbone {
  readonly name: string;
  readonly calibration?: Calibration | undefined;
  readonly precision?: 'float16' | undefined;
}

export interface PrecisionChoice {
  readonly precision?: Precision | undefined;
  /** In words. */
  readonly method: string;
  readonly needs: FitNeeds;
  /** Its name; null for a file that nobody has opened yet. */
  readonly backbone: string | null;
}

/** @throws DomainError INVALID_INPUT where int8 or float16 is asked for and can't be had. */
export function assertPrecision({ precision, method, needs, backbone }: PrecisionChoice): void {
  if (precision === undefined || precision === 'float32') return;
  if (needs.input.kind === 'featuresInStep')
    throw refusal(
      `${method} is fitted to images themselves, which was never checked in ${precision}.`,
      'Choose precision float32, or a method that is fitted to features, as PatchCore.',
    );
  if (precision === 'float16') return;
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
