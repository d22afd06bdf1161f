/** @file Which category the images of a mapped source are of: one for all, or a folder of their paths. */
'use client';

import { Field, Input, Select } from '~/components/ui/field.tsx';
import { categoryFolders, type MappingDraft } from './mapping-draft.ts';

const NAMED_FOLDERS = 3;

interface CategoryFieldsProps {
  draft: MappingDraft;
  disabled: boolean;
  onChange: (change: Partial<MappingDraft>) => void;
}

export function CategoryFields({ draft, disabled, onChange }: CategoryFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Category">
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.categoryFolder}
            disabled={disabled}
            onChange={(event) => onChange({ categoryFolder: event.target.value })}
          >
            <option value="">One for all images</option>
            {categoryFolders(draft).map(({ number, names }) => (
              <option key={number} value={number}>
                Folder {number} of each path: {names.slice(0, NAMED_FOLDERS).join(', ')}
                {names.length > NAMED_FOLDERS ? ' …' : ''}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.categoryFolder === '' ? (
        <Field label="Name of the category">
          {(wiring) => (
            <Input
              {...wiring}
              value={draft.category}
              disabled={disabled}
              maxLength={80}
              autoComplete="off"
              onChange={(event) => onChange({ category: event.target.value })}
            />
          )}
        </Field>
      ) : null}
    </div>
  );
}
