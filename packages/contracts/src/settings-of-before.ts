/**
 * @file Training inputs of before methods had one key for their settings: these stood under the method's name, and the
 * image size beside them. Stored runs have them forever, and clients may still send them.
 */
import type { z } from 'zod';
import { DEFAULT_METHOD, METHODS, methodDefinition } from './methods/index.ts';

/** An input as it is now; what is no input at all is left for the schema to refuse. */
export function withSettings(given: unknown, context: z.RefinementCtx): unknown {
  if (!isRecord(given)) return given;
  const named = given['method'] ?? METHODS.find((name) => given[name] !== undefined);
  const method = METHODS.find((name) => name === (named ?? DEFAULT_METHOD));
  if (method === undefined) return given;
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  for (const other of METHODS) {
    if (other === method || given[other] === undefined) continue;
    const { title, fields } = methodDefinition(method);
    const names = fields.map(({ name }) => name).join(', ');
    refuse(other, `These are settings of ${methodDefinition(other).title}. ${title} has ${names}.`);
  }
  const { settings, [method]: own, imageSizePx, ...others } = given;
  const rest = named === undefined ? others : { ...others, method: named };
  const places = [own, imageSizePx === undefined ? undefined : { imageSizePx }, settings];
  const filled = places.filter((place) => place !== undefined);
  if (filled.length === 0) return rest;
  // What is none is refused under its new name.
  const wrong = filled.find((place) => !isRecord(place));
  if (wrong !== undefined) return { ...rest, settings: wrong };
  const sizes = new Set(filled.filter(isRecord).flatMap((place) => place['imageSizePx'] ?? []));
  if (sizes.size > 1) refuse('imageSizePx', `It is given twice: ${[...sizes].join(' and ')}.`);
  return { ...rest, settings: Object.assign({}, ...filled) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
