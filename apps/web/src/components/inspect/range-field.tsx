/** @file What is black and white in an image with more than 8 bits, where training does not say it. */
'use client';

import { useState } from 'react';
import { Field, Input } from '~/components/ui/field.tsx';
import { readRangeText } from '~/format/range-text.ts';

interface RangeFieldProps {
  range: string | undefined;
  disabled: boolean;
  /** Once a range has been written whole, or taken out. */
  onChange: (range: string | undefined) => void;
}

export function RangeField({ range, disabled, onChange }: RangeFieldProps) {
  const [text, setText] = useState(range ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const commit = () => {
    const read = readRangeText(text);
    setProblem(read.problem);
    const next = read.range === undefined ? undefined : text.trim();
    if (read.problem === null && next !== range) onChange(next);
  };
  return (
    <Field
      label="Values"
      hint="The values of black and white in an image with more than 8 bits, such as 0..4095. 0..255: an 8-bit image was made as training images with more bits were."
      error={problem}
    >
      {(wiring) => (
        <Input
          {...wiring}
          value={text}
          placeholder="as in training"
          autoComplete="off"
          disabled={disabled}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
      )}
    </Field>
  );
}
