/** @file What only whoever imports can know of the files: their range of values, and how masks are to be read. */
'use client';

import type { DatasetImportOptions } from '@plumbline/contracts';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { readRangeText } from '~/format/range-text.ts';

export interface OptionsDraft {
  readonly range: string;
  readonly masks: '' | NonNullable<DatasetImportOptions['masks']>;
}

export const NO_OPTIONS: OptionsDraft = { range: '', masks: '' };

/** @returns What is wrong with the draft, or what it asks for. */
export function checkOptions(draft: OptionsDraft): {
  options: DatasetImportOptions;
  problem: string | null;
} {
  const masks = draft.masks === '' ? {} : { masks: draft.masks };
  const { range, problem } = readRangeText(draft.range);
  return { options: range === undefined ? masks : { ...masks, range }, problem };
}

interface ImportOptionsProps {
  draft: OptionsDraft;
  onChange: (draft: OptionsDraft) => void;
  problem: string | null;
  disabled: boolean;
}

export function ImportOptions({ draft, onChange, problem, disabled }: ImportOptionsProps) {
  return (
    <details className="text-sm">
      <summary className="font-medium">Unusual files: more than 8 bits, inverted masks</summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        <Field
          label="Values"
          hint="The values of black and white in images with more than 8 bits, such as 0..4095. If you leave this empty, they are found per category."
          error={problem}
        >
          {(wiring) => (
            <Input
              {...wiring}
              value={draft.range}
              placeholder="found in the images"
              disabled={disabled}
              autoComplete="off"
              onChange={(event) => onChange({ ...draft, range: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Masks"
          hint="A mask that covers more than half of its image is refused unless you say what it marks."
        >
          {(wiring) => (
            <Select
              {...wiring}
              value={draft.masks}
              disabled={disabled}
              onChange={(event) => onChange({ ...draft, masks: toMasks(event.target.value) })}
            >
              <option value="">They mark the defect, on less than half of the image</option>
              <option value="inverted">Inverted: they mark what is normal</option>
              <option value="as-is">As they are, however large</option>
            </Select>
          )}
        </Field>
      </div>
    </details>
  );
}

function toMasks(value: string): OptionsDraft['masks'] {
  return value === 'inverted' || value === 'as-is' ? value : '';
}
