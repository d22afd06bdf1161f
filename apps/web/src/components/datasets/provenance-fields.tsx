/** @file Fields for the license and the source of a dataset. */
'use client';

import { DATA_LICENSES } from '@plumbline/contracts';
import { useId } from 'react';
import { Field, Input } from '~/components/ui/field.tsx';

export interface ProvenanceDraft {
  readonly license: string;
  readonly source: string;
}

interface ProvenanceFieldsProps {
  draft: ProvenanceDraft;
  onChange: (change: Partial<ProvenanceDraft>) => void;
  disabled: boolean;
}

export function ProvenanceFields({ draft, onChange, disabled }: ProvenanceFieldsProps) {
  const list = useId();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="License" hint="An SPDX identifier such as CC-BY-4.0, or words. Optional.">
        {(wiring) => (
          <Input
            {...wiring}
            list={list}
            maxLength={200}
            value={draft.license}
            disabled={disabled}
            onChange={(event) => onChange({ license: event.target.value })}
          />
        )}
      </Field>
      <datalist id={list}>
        {DATA_LICENSES.map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      <Field label="Source" hint="Where the images come from: an address, or words. Optional.">
        {(wiring) => (
          <Input
            {...wiring}
            maxLength={1000}
            value={draft.source}
            disabled={disabled}
            onChange={(event) => onChange({ source: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
