/** @file Settings of RLR as typed into the training form; what they may be is for the contract's schema to say. */
import {
  RLR_BALANCES,
  RLR_BLOCKS,
  RLR_GATES,
  RLR_LEVEL_WEIGHTS,
  RLR_REFERENCE_MODES,
  RLR_STRIDES,
  type RlrSettings,
  rlrSettingsSchema,
} from '@plumbline/contracts';
import type { z } from 'zod';

export type RlrSetting = keyof RlrSettings;

/** By setting; one that is absent or empty is left to the preset. */
export type RlrDraft = Readonly<Partial<Record<RlrSetting, string>>>;

type Kind = 'number' | 'flag' | 'numbers' | 'words' | 'byGrid';

export interface RlrField {
  readonly name: RlrSetting;
  readonly label: string;
  readonly hint?: string;
  readonly kind: Kind;
  /** Where there are few: what can be chosen. */
  readonly choices?: readonly (string | number)[];
}

export const RLR_FIELDS: readonly RlrField[] = [
  {
    name: 'strides',
    label: 'Strides of the feature levels',
    hint: `Finest first, of ${RLR_STRIDES.join(', ')}.`,
    kind: 'numbers',
  },
  { name: 'averagePool', label: 'Average pooling of features', kind: 'flag' },
  {
    name: 'blocks',
    label: 'Attention blocks',
    hint: `Of ${RLR_BLOCKS.join(', ')}.`,
    kind: 'words',
  },
  { name: 'gate', label: 'Gate of the blocks', kind: 'words', choices: RLR_GATES },
  { name: 'layers', label: 'Layers', kind: 'number' },
  { name: 'heads', label: 'Heads', kind: 'number' },
  {
    name: 'widths',
    label: 'Widths',
    hint: 'By side of the grid, such as 16: 256, 32: 128.',
    kind: 'byGrid',
  },
  { name: 'referenceLength', label: 'References', kind: 'number' },
  {
    name: 'referenceMode',
    label: 'Who sees which reference',
    kind: 'words',
    choices: RLR_REFERENCE_MODES,
  },
  { name: 'referenceLoss', label: 'Loss between references', kind: 'flag' },
  { name: 'jitterScale', label: 'Jitter scale', kind: 'number' },
  { name: 'jitterProbability', label: 'Jittered share of tokens', hint: '0 to 1.', kind: 'number' },
  { name: 'maskTokens', label: 'Mask tokens in place of jitter', kind: 'flag' },
  {
    name: 'steps',
    label: 'Steps',
    hint: 'By side of the grid, such as 16: 640, 32: 64.',
    kind: 'byGrid',
  },
  { name: 'batchSize', label: 'Batch size', kind: 'number' },
  { name: 'learningRate', label: 'Learning rate', kind: 'number' },
  { name: 'warmupSteps', label: 'Warm-up steps', kind: 'number' },
  { name: 'cosineDecay', label: 'Cosine decay', kind: 'flag' },
  { name: 'weightDecay', label: 'Weight decay', kind: 'number' },
  { name: 'balance', label: 'Balance of categories', kind: 'words', choices: RLR_BALANCES },
  { name: 'earlyStopping', label: 'Early stopping', kind: 'flag' },
  {
    name: 'levelWeights',
    label: 'Weights of levels',
    hint: 'heldOut: a level counts for less the worse it reconstructs held-out normal images; heldOutRoot: half as much so.',
    kind: 'words',
    choices: RLR_LEVEL_WEIGHTS,
  },
];

export type CheckedRlr =
  | { readonly settings: RlrSettings | undefined; readonly problems: null }
  | { readonly settings: null; readonly problems: RlrDraft };

/** Undefined settings when the preset decides all of them. */
export function checkRlr(draft: RlrDraft): CheckedRlr {
  const typed = RLR_FIELDS.flatMap((field): [string, unknown][] => {
    const text = draft[field.name]?.trim() ?? '';
    return text === '' ? [] : [[field.name, readValue(field, text)]];
  });
  if (typed.length === 0) return { settings: undefined, problems: null };
  const parsed = rlrSettingsSchema.safeParse(Object.fromEntries(typed));
  if (parsed.success) return { settings: parsed.data, problems: null };
  const problems: Partial<Record<RlrSetting, string>> = {};
  for (const issue of parsed.error.issues) {
    const field = RLR_FIELDS.find(({ name }) => name === issue.path[0]);
    if (field !== undefined) problems[field.name] ??= wrongIn(field, issue);
  }
  return { settings: null, problems };
}

/** Zod's own words, but where they are about NaN or a key, which nobody typed. */
function wrongIn({ kind }: RlrField, { code, message }: z.core.$ZodIssue): string {
  if (kind === 'byGrid' && (code === 'unrecognized_keys' || code === 'invalid_type'))
    return 'Write it like 16: 256, 32: 128; a grid has 8, 16, 32 or 64 tokens a side.';
  return code === 'invalid_type' ? 'Give a number.' : message;
}

function readValue({ kind, choices }: RlrField, text: string): unknown {
  switch (kind) {
    case 'number':
      return Number(text);
    case 'flag':
      return text === 'yes';
    case 'numbers':
      return partsOf(text).map(Number);
    case 'words':
      return choices === undefined ? partsOf(text) : text;
    case 'byGrid':
      return Object.fromEntries(
        text.split(',').map((pair) => {
          const [side = '', value = ''] = pair.split(/[:=]/).map((part) => part.trim());
          return [side, value === '' ? Number.NaN : Number(value)];
        }),
      );
  }
}

function partsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}
