/** @file Which sample dataset to make: its size, with what that costs, and its seed. */
'use client';

import type { SampleSize } from '@plumbline/contracts';
import { RadioCards } from '~/components/ui/radio-cards.tsx';
import { WholeNumberField } from '~/components/ui/whole-number-field.tsx';
import type { ImportDraft } from './import-draft.ts';

const SIZES: { value: SampleSize; label: string; hint: string }[] = [
  {
    value: 'small',
    label: 'Small, for trying things out',
    hint: '6 categories, 282 images of 128 pixels. Ready in seconds.',
  },
  {
    value: 'large',
    label: 'Large, for choosing a method',
    hint: '10 categories, 1,600 images of 256 pixels: 100 test images per category. Takes about 2 minutes and 200 MB.',
  },
];

interface SampleChoiceProps {
  draft: ImportDraft;
  onChange: (change: Partial<ImportDraft>) => void;
  disabled: boolean;
}

export function SampleChoice({ draft, onChange, disabled }: SampleChoiceProps) {
  return (
    <>
      <RadioCards
        legend="Size"
        choices={SIZES}
        value={draft.size}
        onChange={(size) => onChange({ size })}
        disabled={disabled}
      />
      <WholeNumberField
        label="Seed"
        hint="The same seed makes the same images."
        value={draft.seed}
        disabled={disabled}
        onChange={(seed) => onChange({ seed })}
      />
    </>
  );
}
