/** @file Whose results they are and how they were made: the fields beside the file. */
'use client';

import { Field, Input, Select } from '~/components/ui/field.tsx';
import { WholeNumberField } from '~/components/ui/whole-number-field.tsx';
import type { Problems, ResultsDraft } from './results-draft.ts';

interface ResultsFieldsProps {
  draft: ResultsDraft;
  onChange: (change: Partial<ResultsDraft>) => void;
  problems: Problems;
}

export function ResultsFields(props: ResultsFieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <OwnerFields {...props} />
      <ProtocolFields {...props} />
      <RunFields {...props} />
    </div>
  );
}

/** Whose results they are. */
function OwnerFields({ draft, onChange, problems }: ResultsFieldsProps) {
  return (
    <>
      <Field
        label="Model name"
        hint="The name of the row. If the name exists, it gets a new version."
        error={problems.model}
      >
        {(wiring) => (
          <Input
            {...wiring}
            value={draft.model}
            required
            placeholder="efficientad-parts"
            autoComplete="off"
            onChange={(event) => onChange({ model: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Method"
        hint="The method that made the scores. “external” if you leave this empty."
        error={problems.method}
      >
        {(wiring) => (
          <Input
            {...wiring}
            value={draft.method}
            maxLength={100}
            placeholder="EfficientAD (anomalib 2.1)"
            autoComplete="off"
            onChange={(event) => onChange({ method: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** What they were computed under. */
function ProtocolFields({ draft, onChange, problems }: ResultsFieldsProps) {
  return (
    <>
      <Field
        label="Protocol"
        hint="The protocol that the results were computed under. plumbline-256 evaluates maps and masks at 256 × 256 pixels, plumbline-320 at 320 × 320, and so on."
        error={problems.protocol}
      >
        {(wiring) => (
          <Input
            {...wiring}
            value={draft.protocol}
            required
            autoComplete="off"
            onChange={(event) => onChange({ protocol: event.target.value })}
          />
        )}
      </Field>
      <Field label="Maps of another size" error={problems.mapResize}>
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.mapResize}
            onChange={(event) =>
              onChange({ mapResize: event.target.value === 'bilinear' ? 'bilinear' : 'refuse' })
            }
          >
            <option value="refuse">Refuse</option>
            <option value="bilinear">Resize bilinearly; the version says so</option>
          </Select>
        )}
      </Field>
    </>
  );
}

/** What else is to be known of the run that made them. */
function RunFields({ draft, onChange, problems }: ResultsFieldsProps) {
  return (
    <>
      <WholeNumberField
        label="Seed"
        hint="The seed that the results were made with."
        error={problems.seed}
        value={draft.seed}
        onChange={(seed) => onChange({ seed })}
      />
      <Field label="Note" hint="Optional. Appears on the model card." error={problems.note}>
        {(wiring) => (
          <Input
            {...wiring}
            value={draft.note}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => onChange({ note: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
