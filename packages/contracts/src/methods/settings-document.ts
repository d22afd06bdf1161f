/** @file A method's settings as JSON Schema, for the API's documentation. */
import { z } from 'zod';
import type { MethodDefinition } from './method.ts';

/** Of what `setting` keeps in a schema: words for forms, which JSON Schema doesn't have. */
const FORM_WORDS = ['unit', 'group', 'basic', 'before'];

export function settingsDocument({ title, settings }: MethodDefinition): object {
  const { $schema: _, ...document } = z.toJSONSchema(settings, {
    io: 'input',
    override: ({ jsonSchema }) => {
      const { title: label, unit } = jsonSchema;
      if (label !== undefined && typeof unit === 'string') jsonSchema.title = `${label} (${unit})`;
      for (const word of FORM_WORDS) delete jsonSchema[word];
    },
  });
  return { title: `Settings of ${title}`, ...document };
}
