/** @file One folder of a source, and what it is. */
'use client';

import { MAPPED_AS, type MappedAs } from '@plumbline/contracts';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { formatPlural } from '~/format/format-number.ts';
import type { FolderDraft } from './mapping-draft.ts';

const WORDS: Readonly<Record<MappedAs, string>> = {
  'train-normal': 'Normal images to train with',
  'test-normal': 'Normal images to test with',
  'test-anomalous': 'Anomalous images',
  masks: 'Masks',
  ignore: 'Left out',
};

interface FolderFieldsProps {
  folder: FolderDraft;
  disabled: boolean;
  onChange: (change: Partial<FolderDraft>) => void;
}

export function FolderFields({ folder, disabled, onChange }: FolderFieldsProps) {
  const { images, examples, is } = folder;
  const name = folder.folder === '' ? 'the outermost folder' : folder.folder;
  const more = images > examples.length ? ' …' : '';
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field
        label={name}
        hint={`${formatPlural(images, 'image')}: ${examples.join(', ')}${more}`}
        className="min-w-0 break-words"
      >
        {(wiring) => (
          <Select
            {...wiring}
            value={is}
            disabled={disabled}
            onChange={(event) =>
              onChange({ is: MAPPED_AS.find((one) => one === event.target.value) ?? 'ignore' })
            }
          >
            {MAPPED_AS.map((one) => (
              <option key={one} value={one}>
                {WORDS[one]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {is === 'test-anomalous' ? (
        <TextField
          label={`Defect type in ${name}`}
          value={folder.defectType}
          placeholder={folder.folder.split('/').at(-1) || 'defect'}
          disabled={disabled}
          onChange={(defectType) => onChange({ defectType })}
        />
      ) : null}
      {is === 'masks' ? (
        <TextField
          label={`Names of masks in ${name}`}
          hint="{name} is that of the image, as in {name}_seg."
          value={folder.maskName}
          placeholder="the usual endings"
          disabled={disabled}
          onChange={(maskName) => onChange({ maskName })}
        />
      ) : null}
    </div>
  );
}

interface TextFieldProps {
  label: string;
  hint?: string;
  value: string;
  placeholder: string;
  disabled: boolean;
  onChange: (value: string) => void;
}

function TextField({ label, hint, onChange, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(wiring) => (
        <Input
          {...wiring}
          {...input}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
