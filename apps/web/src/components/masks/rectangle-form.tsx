/** @file A rectangle by numbers: for whoever draws without a pointer, or knows where the defect is. */
'use client';

import type { ImageBlob } from '@plumbline/contracts';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { WholeNumberField } from '~/components/ui/whole-number-field.tsx';
import type { MaskDrawing } from './mask-drawing.ts';
import { type Effect, pixelValue } from './tools.ts';

interface RectangleFormProps {
  image: ImageBlob;
  effect: Effect;
  disabled: boolean;
  change: (work: (drawing: MaskDrawing) => void) => void;
}

const FIELDS = [
  { key: 'left', label: 'Left' },
  { key: 'top', label: 'Top' },
  { key: 'width', label: 'Width' },
  { key: 'height', label: 'Height' },
] as const;

type Draft = Record<(typeof FIELDS)[number]['key'], string>;

export function RectangleForm({ image, effect, disabled, change }: RectangleFormProps) {
  const [draft, setDraft] = useState<Draft>({ left: '', top: '', width: '', height: '' });
  const [left, top, width, height] = FIELDS.map(({ key }) => Number(draft[key])) as [
    number,
    number,
    number,
    number,
  ];
  const isWhole = FIELDS.every(({ key }) => draft[key] !== '');
  const fits =
    width > 0 && height > 0 && left + width <= image.width && top + height <= image.height;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [right, bottom] = [left + width, top + height];
    const corners = [
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ] as const;
    change((drawing) => drawing.polygon(corners, pixelValue(effect)));
  };
  return (
    <details className="text-sm">
      <summary className="font-medium">A rectangle by numbers</summary>
      <form className="mt-3 space-y-3" onSubmit={submit}>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4 lg:grid-cols-2">
          {FIELDS.map(({ key, label }) => (
            <WholeNumberField
              key={key}
              label={`${label}, px`}
              value={draft[key]}
              disabled={disabled}
              onChange={(value) => setDraft({ ...draft, [key]: value })}
            />
          ))}
        </div>
        {isWhole && !fits ? (
          <p role="alert" className="text-bad">
            The rectangle must lie on the image, which has {image.width} × {image.height} pixels.
          </p>
        ) : null}
        <Button type="submit" variant="secondary" disabled={disabled || !isWhole || !fits}>
          {effect === 'mark' ? 'Mark the rectangle' : 'Erase the rectangle'}
        </Button>
      </form>
    </details>
  );
}
