/** @file What to compute features with: a backbone of the list, or a file on the trainer's disk. */
'use client';

import { type BackboneSummary, DEFAULT_BACKBONE } from '@plumbline/contracts';
import { useState } from 'react';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { backboneHint, backboneOption } from './backbone-texts.ts';

interface BackboneChoiceProps {
  backbones: BackboneSummary[];
  /** A name or a path; empty while a path is being asked for. */
  value: string;
  onChange: (backbone: string) => void;
  error?: string | null;
}

/** Value of the option that asks for a path; no backbone can have this name. */
const FILE = '/';

export function BackboneChoice({ backbones, value, onChange, error }: BackboneChoiceProps) {
  const [isFile, setIsFile] = useState(false);
  const ready = backbones.filter((one) => one.status === 'ready');
  const others = backbones.filter((one) => one.status !== 'ready');
  const chosen = backbones.find((one) => one.name === value) ?? null;

  const choose = (choice: string) => {
    setIsFile(choice === FILE);
    onChange(choice === FILE ? '' : choice);
  };

  return (
    <div className="space-y-3">
      <Field
        label="Backbone"
        hint={isFile || chosen === null ? null : backboneHint(chosen)}
        error={isFile ? null : error}
      >
        {(wiring) => (
          <Select
            {...wiring}
            value={isFile ? FILE : value || DEFAULT_BACKBONE}
            onChange={(event) => choose(event.target.value)}
          >
            <optgroup label="Here">
              {ready.map((one) => (
                <option key={one.name} value={one.name}>
                  {backboneOption(one)}
                </option>
              ))}
            </optgroup>
            <optgroup label="Will be downloaded">
              {others.map((one) => (
                <option key={one.name} value={one.name}>
                  {backboneOption(one)}
                </option>
              ))}
            </optgroup>
            <option value={FILE}>A file on the trainer’s disk …</option>
          </Select>
        )}
      </Field>
      {isFile ? (
        <Field
          label="Path of the file"
          hint="The full path of an .onnx or .safetensors file."
          error={error}
        >
          {(wiring) => (
            <Input
              {...wiring}
              value={value}
              required
              autoComplete="off"
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
      ) : null}
    </div>
  );
}
