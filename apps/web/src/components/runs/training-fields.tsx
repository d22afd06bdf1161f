/** @file Fields of the training form: what is trained on what, seed and name, and the decoder. */
'use client';

import {
  METHODS,
  methodDefinition,
  methodSchema,
  PRECISIONS,
  precisionSchema,
} from '@plumbline/contracts';
import { useId } from 'react';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import type { DraftField, TrainingDraft } from './training-draft.ts';

interface TrainingFieldsProps {
  draft: TrainingDraft;
  onChange: (changed: Partial<TrainingDraft>) => void;
  problemAt: (field: DraftField) => string | null;
}

export function DatasetAndMethod({
  draft,
  onChange,
  problemAt,
  datasets,
}: TrainingFieldsProps & {
  datasets: readonly string[];
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="Dataset" error={problemAt('dataset')}>
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.dataset}
            onChange={(event) => onChange({ dataset: event.target.value })}
          >
            {datasets.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Method" hint={methodDefinition(draft.method).about} error={problemAt('method')}>
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.method}
            onChange={(event) => onChange({ method: methodSchema.parse(event.target.value) })}
          >
            {METHODS.map((name) => (
              <option key={name} value={name}>
                {methodDefinition(name).title}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

export function PrecisionChoice({ draft, onChange, problemAt }: TrainingFieldsProps) {
  return (
    <Field
      label="Precision"
      hint="Of the backbone. int8 answers faster, float16 halves its file; compare them on the leaderboard."
      error={problemAt('precision')}
    >
      {(wiring) => (
        <Select
          {...wiring}
          value={draft.precision}
          onChange={(event) => onChange({ precision: precisionSchema.parse(event.target.value) })}
        >
          {PRECISIONS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}

export function SeedAndName({ draft, onChange, problemAt }: TrainingFieldsProps) {
  return (
    <>
      <Field label="Seed" hint="The same seed gives the same model." error={problemAt('seed')}>
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="numeric"
            autoComplete="off"
            value={draft.seed}
            onChange={(event) => onChange({ seed: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Model name"
        hint="The run publishes a new version of this model."
        error={problemAt('model')}
      >
        {(wiring) => (
          <Input
            {...wiring}
            value={draft.model}
            placeholder={`${draft.dataset}-${draft.method}`}
            autoComplete="off"
            onChange={(event) => onChange({ model: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

export function DecoderSwitch({ draft, onChange }: Omit<TrainingFieldsProps, 'problemAt'>) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        checked={draft.decoder}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange({ decoder: event.target.checked })}
        className="mt-1 size-4 accent-accent"
      />
      <div>
        <label htmlFor={id} className="text-sm font-medium">
          Train a decoder
        </label>
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          Shows beside each heatmap what the model expects. Takes a few minutes more and changes no
          score.
        </p>
      </div>
    </div>
  );
}
