/** @file Numbers in paths and queries: they arrive as text. */
import { z } from 'zod';

/**
 * The values with text turned into a number wherever the schema does not take the text but takes the number.
 * @param schema what a procedure accepts
 */
export function readTextValues(
  schema: unknown,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const shape: Readonly<Record<string, z.core.$ZodType>> = objectShape(schema);
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, readValue(shape[key], value)]),
  );
}

/** The fields that a schema names; none of a union. */
export function objectShape(schema: unknown): Readonly<Record<string, z.core.$ZodType>> {
  if (schema instanceof z.ZodOptional) return objectShape(schema.unwrap());
  return schema instanceof z.ZodObject ? schema.shape : {};
}

function readValue(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  if (schema === undefined || typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  if (Number.isNaN(number) || z.safeParse(schema, value).success) return value;
  return number;
}
