/** @file The presets, each with what it is for. */
'use client';

import type { PresetName } from '@plumbline/contracts';
import { PRESET_TEXTS } from './preset-texts.ts';

interface PresetChoiceProps {
  value: PresetName;
  onChange: (preset: PresetName) => void;
}

export function PresetChoice({ value, onChange }: PresetChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">Preset</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {PRESET_TEXTS.map(({ preset, title, about }) => (
          <label
            key={preset}
            className="flex cursor-pointer items-start gap-3 rounded-md border border-line bg-surface p-3 has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name="preset"
              value={preset}
              checked={value === preset}
              onChange={() => onChange(preset)}
              className="mt-1 accent-accent"
            />
            <span>
              <span className="block text-sm font-medium">{title}</span>
              <span className="block text-sm text-ink">{about}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
