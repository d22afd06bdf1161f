/** @file A few choices in one line, of which one is taken. */
'use client';

import { useId } from 'react';
import { useInBrowser } from '~/components/use-in-browser.ts';

interface SegmentedProps<Value extends string> {
  legend: string;
  choices: readonly { readonly value: Value; readonly label: string }[];
  value: Value;
  disabled: boolean;
  onChange: (value: Value) => void;
}

export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const name = useId();
  const inBrowser = useInBrowser();
  return (
    <fieldset disabled={props.disabled || !inBrowser}>
      <legend className="mb-1 text-sm font-medium">{props.legend}</legend>
      <div className="inline-flex rounded-md border border-line-strong bg-surface p-0.5">
        {props.choices.map(({ value, label }) => (
          <label
            key={value}
            className="cursor-pointer rounded-sm px-3 py-1.5 text-sm has-checked:bg-accent has-checked:text-accent-ink has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={props.value === value}
              onChange={() => props.onChange(value)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
