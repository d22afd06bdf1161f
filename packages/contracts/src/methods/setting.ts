/**
 * @file One setting of a method: a schema that carries its label, hint and unit, from which the form, the command line
 * and the API's documentation are made.
 */
import type { z } from 'zod';

export interface SettingText {
  readonly label: string;
  /** What it does, in a sentence or two; what it may be follows from the schema. */
  readonly hint?: string;
  /** Such as `px`. */
  readonly unit?: string;
  /** Settings of one group stand together. */
  readonly group: string;
  /** Shown beside dataset and seed, not among the settings that few people change. */
  readonly basic?: boolean;
  /** What it was in versions that were trained before it was a setting, so that they still count as alike. */
  readonly before?: unknown;
}

/** What is kept in the schema: JSON Schema's words where it has some. */
export interface SettingMeta extends Omit<SettingText, 'label' | 'hint'> {
  readonly title: string;
  readonly description?: string;
}

export function setting<T extends z.ZodType>(schema: T, text: SettingText): T {
  const { label, hint, ...rest } = text;
  const meta: SettingMeta = {
    title: label,
    ...(hint === undefined ? {} : { description: hint }),
    ...rest,
  };
  return schema.meta({ ...meta });
}
