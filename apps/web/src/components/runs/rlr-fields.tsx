/** @file Settings of RLR in place of its preset's, for whoever wants to change them. */
'use client';

import { Disclosure } from '~/components/ui/disclosure.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { RLR_FIELDS, type RlrDraft, type RlrField } from './rlr-draft.ts';

interface RlrFieldsProps {
  draft: RlrDraft;
  onChange: (draft: RlrDraft) => void;
  problems: RlrDraft;
}

export function RlrFields({ draft, onChange, problems }: RlrFieldsProps) {
  return (
    <Disclosure summary="Settings of RLR in place of the preset’s">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {RLR_FIELDS.map((field) => (
          <Field
            key={field.name}
            label={field.label}
            hint={field.hint}
            error={problems[field.name]}
          >
            {(wiring) => {
              const shared = {
                ...wiring,
                value: draft[field.name] ?? '',
                onChange: (event: { target: { value: string } }) =>
                  onChange({ ...draft, [field.name]: event.target.value }),
              };
              const choices = choicesOf(field);
              if (choices === null)
                return <Input {...shared} placeholder="as the preset" autoComplete="off" />;
              return (
                <Select {...shared}>
                  <option value="">as the preset</option>
                  {choices.map((choice) => (
                    <option key={choice}>{choice}</option>
                  ))}
                </Select>
              );
            }}
          </Field>
        ))}
      </div>
    </Disclosure>
  );
}

function choicesOf({ kind, choices }: RlrField): readonly (string | number)[] | null {
  return kind === 'flag' ? ['yes', 'no'] : (choices ?? null);
}
