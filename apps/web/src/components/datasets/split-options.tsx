/** @file How normal images that come without a split are divided. */
'use client';

import { Field, Input } from '~/components/ui/field.tsx';
import type { SplitDraft } from './split-draft.ts';

interface SplitOptionsProps {
  draft: SplitDraft;
  onChange: (draft: SplitDraft) => void;
  /** By the field that it is about. */
  problems: { readonly share: string | null; readonly group: string | null };
  disabled: boolean;
}

export function SplitOptions({ draft, onChange, problems, disabled }: SplitOptionsProps) {
  return (
    <details className="text-sm">
      <summary className="font-medium">Files without a split: how many images to test with</summary>
      <div className="mt-3 grid gap-4 sm:grid-cols-2">
        <Field
          label="Share to test with"
          hint="Of the normal images of each category, such as 0.2. It counts only where the files come without training and test folders."
          error={problems.share}
        >
          {(wiring) => (
            <Input
              {...wiring}
              value={draft.testShare}
              placeholder="what the layout has"
              inputMode="decimal"
              disabled={disabled}
              autoComplete="off"
              onChange={(event) => onChange({ ...draft, testShare: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Keep together"
          hint="A regular expression with one capture group, such as lot(\d+). Images whose paths have the same capture stay on one side."
          error={problems.group}
        >
          {(wiring) => (
            <Input
              {...wiring}
              value={draft.groupBy}
              placeholder="each image on its own"
              disabled={disabled}
              autoComplete="off"
              onChange={(event) => onChange({ ...draft, groupBy: event.target.value })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
