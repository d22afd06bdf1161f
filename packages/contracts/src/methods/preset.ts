/** @file The names of presets, which every method has. */
import { z } from 'zod';

export const PRESETS = ['quick', 'paper', 'edge', 'tiny'] as const;

export const presetSchema = z.enum(PRESETS);
export type PresetName = z.infer<typeof presetSchema>;
