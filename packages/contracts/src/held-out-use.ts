/** @file What the held-out normal images of a version decided, for its manifest and card. */
import { z } from 'zod';

/** What held-out normal training images may decide. */
export const heldOutUseSchema = z.enum([
  'thresholds',
  'end of training',
  'kept state',
  'level weights',
]);
export type HeldOutUse = z.infer<typeof heldOutUseSchema>;

/** Settings by which a method lets held-out images decide. */
const settingsSchema = z.object({
  preset: z.object({
    earlyStopping: z.boolean().optional(),
    keepBest: z.boolean().optional(),
    levelWeights: z.string().optional(),
  }),
});

/** @param config of a fit: its settings are under `preset` */
export function heldOutUse(config: Readonly<Record<string, unknown>>): HeldOutUse[] {
  const { earlyStopping, keepBest, levelWeights = 'equal' } = settingsSchema.parse(config).preset;
  return [
    'thresholds',
    ...(earlyStopping === true ? (['end of training'] as const) : []),
    ...(keepBest === true ? (['kept state'] as const) : []),
    ...(levelWeights === 'equal' ? [] : (['level weights'] as const)),
  ];
}
