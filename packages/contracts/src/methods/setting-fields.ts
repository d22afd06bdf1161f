/** @file The settings of a method as plain data, read from their schema: what forms draw and help texts list. */
import { z } from 'zod';
import type { SettingMeta } from './setting.ts';

interface NumberValue {
  readonly kind: 'number';
  readonly isWhole: boolean;
  readonly min: number | null;
  /** Whether `min` itself is too small. */
  readonly isAboveMin: boolean;
  readonly max: number | null;
  readonly multipleOf: number | null;
  /** Whether it can also be `none`. */
  readonly orNone: boolean;
}

export type SettingValue =
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly (string | number)[] }
  | { readonly kind: 'list'; readonly choices: readonly (string | number)[] }
  | NumberValue
  /** A number for some of the keys. */
  | { readonly kind: 'byKey'; readonly keys: readonly string[]; readonly each: NumberValue };

export interface SettingField extends Pick<SettingMeta, 'unit' | 'group' | 'basic' | 'before'> {
  readonly name: string;
  readonly label: string;
  readonly hint: string | null;
  readonly value: SettingValue;
}

/** What of JSON Schema a setting can be. */
const describedValue = z.object({
  type: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  multipleOf: z.number().optional(),
  get items() {
    return describedValue.optional();
  },
  get propertyNames() {
    return describedValue.optional();
  },
  get additionalProperties() {
    return describedValue.optional();
  },
  get anyOf() {
    return z.array(describedValue).optional();
  },
});
type DescribedValue = z.infer<typeof describedValue>;

const described = describedValue.extend({
  title: z.string(),
  description: z.string().optional(),
  unit: z.string().optional(),
  group: z.string(),
  basic: z.boolean().optional(),
  before: z.unknown().optional(),
});

/** In the order of the schema. @throws Error for a setting without a label or of a kind that no form can draw. */
export function settingFields(settings: z.ZodObject): SettingField[] {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { title, description, unit, group, basic, before, ...value } = described.parse(property);
    return {
      ...{ name, label: title, hint: description ?? null, group },
      ...(unit === undefined ? {} : { unit }),
      ...(basic === undefined ? {} : { basic }),
      ...(before === undefined ? {} : { before }),
      value: settingValueOf(name, value),
    };
  });
}

function settingValueOf(name: string, value: DescribedValue): SettingValue {
  const { type, items, propertyNames, additionalProperties, anyOf } = value;
  if (value.enum !== undefined) return { kind: 'choice', choices: value.enum };
  if (type === 'boolean') return { kind: 'flag' };
  if (type === 'array' && items?.enum !== undefined) return { kind: 'list', choices: items.enum };
  if (type === 'object' && propertyNames?.enum && additionalProperties !== undefined)
    return {
      kind: 'byKey',
      keys: propertyNames.enum.map(String),
      each: numberOf(name, additionalProperties),
    };
  const given = anyOf?.find((one) => one.type !== 'null');
  return given === undefined ? numberOf(name, value) : { ...numberOf(name, given), orNone: true };
}

function numberOf(name: string, value: DescribedValue): NumberValue {
  const { type, minimum, exclusiveMinimum, maximum, multipleOf } = value;
  if (type !== 'integer' && type !== 'number')
    throw new Error(`The setting ${name} is of a kind that can't be typed: ${type}.`);
  return {
    kind: 'number',
    isWhole: type === 'integer',
    min: exclusiveMinimum ?? minimum ?? null,
    isAboveMin: exclusiveMinimum !== undefined,
    max: maximum ?? null,
    multipleOf: multipleOf ?? null,
    orNone: false,
  };
}
