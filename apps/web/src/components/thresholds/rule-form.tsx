/** @file Thresholds by a rule, from held-out normal scores alone. */
'use client';

import type { ThresholdChoice } from '@plumbline/contracts';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { type CheckedRule, checkRule, FIRST_DRAFT, RULES, type RuleDraft } from './rule-draft.ts';

export function RuleForm({ onChoose }: { onChoose: (choice: ThresholdChoice) => void }) {
  const [draft, setDraft] = useState(FIRST_DRAFT);
  const checked = checkRule(draft);
  const change = (changed: Partial<RuleDraft>) => setDraft({ ...draft, ...changed });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (checked.choice !== null) onChoose(checked.choice);
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-[2fr_1fr_1fr_1.4fr_auto]"
    >
      <RuleField draft={draft} onChange={change} />
      <PercentageFields draft={draft} onChange={change} checked={checked} />
      <ScopeField draft={draft} onChange={change} />
      <Button type="submit" variant="secondary" className="sm:mt-6">
        Show the result
      </Button>
    </form>
  );
}

interface DraftFieldProps {
  draft: RuleDraft;
  onChange: (change: Partial<RuleDraft>) => void;
}

function RuleField({ draft, onChange }: DraftFieldProps) {
  return (
    <Field label="Rule">
      {(wiring) => (
        <Select
          {...wiring}
          value={draft.rule}
          onChange={(event) => onChange({ rule: event.target.value })}
        >
          {RULES.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function PercentageFields({
  draft,
  onChange,
  checked,
}: DraftFieldProps & { checked: CheckedRule }) {
  return (
    <>
      <Field label="False-alarm target, %" error={checked.targetProblem}>
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="decimal"
            value={draft.target}
            onChange={(event) => onChange({ target: event.target.value })}
          />
        )}
      </Field>
      <Field label="Uncertain band, %" error={checked.bandProblem}>
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="decimal"
            placeholder="no band"
            value={draft.uncertain}
            onChange={(event) => onChange({ uncertain: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

function ScopeField({ draft, onChange }: DraftFieldProps) {
  return (
    <Field label="Thresholds">
      {(wiring) => (
        <Select
          {...wiring}
          value={draft.scope}
          onChange={(event) =>
            onChange({ scope: event.target.value === 'pooled' ? 'pooled' : 'category' })
          }
        >
          <option value="category">one per category</option>
          <option value="pooled">one for all categories</option>
        </Select>
      )}
    </Field>
  );
}
