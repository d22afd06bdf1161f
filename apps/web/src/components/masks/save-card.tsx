/** @file What is marked, and what becomes of it: the next version of the dataset. */
'use client';

import { LARGEST_MASK_SHARE, type Sample } from '@plumbline/contracts';
import { useState } from 'react';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { formatPlural } from '~/format/format-number.ts';
import type { MaskDrawing } from './mask-drawing.ts';
import type { SaveMask } from './use-save-mask.ts';

interface SaveCardProps {
  dataset: string;
  sample: Sample;
  drawing: MaskDrawing;
  saving: SaveMask;
}

export function SaveCard({ dataset, sample, drawing, saving }: SaveCardProps) {
  const [isLarge, setLarge] = useState(false);
  const [defectType, setDefectType] = useState('');
  const { started, isBusy, error } = saving;
  const { marked, share } = drawing;
  const coversMost = share > LARGEST_MASK_SHARE;
  if (started !== null) return <EditProgress initial={started} />;
  return (
    <div className="space-y-4">
      <p aria-live="polite" className="text-sm">
        {marked === 0
          ? 'Nothing is marked yet.'
          : `${formatPlural(marked, 'pixel')} marked, ${percent(share)} of the image.`}
      </p>
      {coversMost ? <LargeCheck checked={isLarge} disabled={isBusy} onChange={setLarge} /> : null}
      {sample.label === 'normal' ? (
        <DefectField value={defectType} disabled={isBusy} onChange={setDefectType} />
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button
          disabled={isBusy || marked === 0 || !drawing.canUndo || (coversMost && !isLarge)}
          onClick={() => saving.save(drawing, { isLarge: coversMost, defectType })}
        >
          Make the next version
        </Button>
        {sample.mask === null ? null : (
          <Button variant="danger" disabled={isBusy} onClick={saving.remove}>
            Remove the mask
          </Button>
        )}
      </div>
      <p className="text-sm text-ink-soft">
        The mask becomes part of the next version of {dataset}; this version stays as it is. Since
        the test images differ then, results on the two are on separate leaderboards.
      </p>
      {error ? <ErrorNotice error={error} title="There is no new version" /> : null}
    </div>
  );
}

interface InputProps<Value> {
  disabled: boolean;
  onChange: (value: Value) => void;
}

function LargeCheck(props: InputProps<boolean> & { checked: boolean }) {
  return (
    <label className="flex items-start gap-2 text-sm">
      <input
        type="checkbox"
        className="mt-1 accent-accent"
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      The defect does cover more than half of the image
    </label>
  );
}

function DefectField(props: InputProps<string> & { value: string }) {
  return (
    <Field
      label="Defect type"
      hint="The image is labeled normal. With a mask it becomes an anomalous test image."
    >
      {(wiring) => (
        <Input
          {...wiring}
          value={props.value}
          placeholder="defect"
          maxLength={100}
          disabled={props.disabled}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} %`;
}
