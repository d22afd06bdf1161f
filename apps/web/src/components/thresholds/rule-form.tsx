/** @file Thresholds by a rule, from held-out normal scores alone. */
'use client';

import type { ThresholdChoice } from '@plumbline/contracts';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';

const RULES = [
  ['shared-spread-bound', 'Prediction bound, spread shared by the categories'],
  ['prediction-bound', 'Prediction bound (Student t)'],
  ['normal-quantile', 'Normal quantile'],
  ['empirical-quantile', 'Empirical quantile'],
] as const;

export function RuleForm({ onChoose }: { onChoose: (choice: ThresholdChoice) => void }) {
  const [rule, setRule] = useState<string>(RULES[0][0]);
  const [target, setTarget] = useState('1');
  const [uncertain, setUncertain] = useState('');
  const [scope, setScope] = useState<'category' | 'pooled'>('category');
  const targetShare = shareOf(target);
  const uncertainShare = uncertain.trim() === '' ? undefined : shareOf(uncertain);
  const bandProblem =
    uncertainShare === null
      ? 'Give a percentage between 0 and 100, or leave this empty.'
      : uncertainShare !== undefined && targetShare !== null && uncertainShare <= targetShare
        ? 'Give more than the false-alarm target.'
        : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (targetShare === null || bandProblem !== null) return;
    onChoose({
      by: 'rule',
      rule,
      falseAlarmTarget: targetShare,
      scope,
      note: '',
      ...(typeof uncertainShare === 'number' ? { uncertainTarget: uncertainShare } : {}),
    });
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-[2fr_1fr_1fr_1.4fr_auto]"
    >
      <Field label="Rule">
        {(wiring) => (
          <Select {...wiring} value={rule} onChange={(event) => setRule(event.target.value)}>
            {RULES.map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="False-alarm target, %"
        error={targetShare === null ? 'Give a percentage between 0 and 100.' : null}
      >
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="decimal"
            value={target}
            onChange={(event) => setTarget(event.target.value)}
          />
        )}
      </Field>
      <Field label="Uncertain band, %" error={bandProblem}>
        {(wiring) => (
          <Input
            {...wiring}
            inputMode="decimal"
            placeholder="no band"
            value={uncertain}
            onChange={(event) => setUncertain(event.target.value)}
          />
        )}
      </Field>
      <Field label="Thresholds">
        {(wiring) => (
          <Select
            {...wiring}
            value={scope}
            onChange={(event) => setScope(event.target.value === 'pooled' ? 'pooled' : 'category')}
          >
            <option value="category">one per category</option>
            <option value="pooled">one for all categories</option>
          </Select>
        )}
      </Field>
      <Button type="submit" variant="secondary" className="sm:mt-6">
        Show the result
      </Button>
    </form>
  );
}

/** A percentage as a share in (0, 1); null when it is none. */
function shareOf(percent: string): number | null {
  const share = Number(percent.replace(',', '.')) / 100;
  return percent.trim() !== '' && share > 0 && share < 1 ? share : null;
}
