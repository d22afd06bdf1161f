/** @file Any method's settings in place of its preset's, drawn from their schema. */
'use client';

import {
  describeValue,
  type MethodName,
  methodDefinition,
  type PresetName,
  type SettingField,
  writeSetting,
} from '@plumbline/contracts';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { type DraftField, settingKey, type TrainingDraft } from './training-draft.ts';

interface SettingsProps {
  draft: TrainingDraft;
  onChange: (settings: TrainingDraft['settings']) => void;
  problemAt: (field: DraftField) => string | null;
}

/** Those that everybody looks at, to stand beside other fields. */
export function BasicSettings(props: SettingsProps) {
  const { fields } = methodDefinition(props.draft.method);
  return fields
    .filter(({ basic }) => basic)
    .map((field) => <SettingControl key={field.name} {...props} field={field} />);
}

/** All others, by group. */
export function SettingsFields(props: SettingsProps) {
  const { method, settings } = props.draft;
  const { title, fields } = methodDefinition(method);
  const others = fields.filter(({ basic }) => !basic);
  const changed = others.filter((field) => settings[settingKey(method, field)]?.trim()).length;
  const groups = [...new Set(others.map(({ group }) => group))];
  return (
    <details className="rounded-md border border-line">
      <summary className="cursor-pointer px-4 py-3 text-sm font-medium">
        Settings of {title}
        <span className="font-normal text-ink-soft">
          {changed === 0 ? ' as the preset has them' : `, ${changed} in place of the preset’s`}
        </span>
      </summary>
      <div className="space-y-6 border-t border-line p-4">
        {groups.map((group) => (
          <fieldset key={group}>
            <legend className="mb-3 font-medium">{group}</legend>
            <div className="grid items-start gap-4 sm:grid-cols-2">
              {others
                .filter((field) => field.group === group)
                .map((field) => (
                  <SettingControl key={field.name} {...props} field={field} />
                ))}
            </div>
          </fieldset>
        ))}
      </div>
    </details>
  );
}

function SettingControl({
  field,
  draft,
  onChange,
  problemAt,
}: SettingsProps & { field: SettingField }) {
  const key = settingKey(draft.method, field);
  const { label, unit, value } = field;
  const choices = choicesOf(field);
  const asPreset = presetText(draft.method, draft.preset, field);
  return (
    <Field
      label={unit === undefined ? label : `${label}, ${unit}`}
      hint={hintOf(field)}
      error={problemAt(`settings.${field.name}`)}
    >
      {(wiring) => {
        const shared = {
          ...wiring,
          value: draft.settings[key] ?? '',
          onChange: (event: { target: { value: string } }) =>
            onChange({ ...draft.settings, [key]: event.target.value }),
        };
        if (choices === null)
          return (
            <Input
              {...shared}
              placeholder={asPreset}
              autoComplete="off"
              inputMode={value.kind === 'number' && !value.orNone ? 'decimal' : 'text'}
            />
          );
        return (
          <Select {...shared}>
            <option value="">{asPreset}</option>
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </Select>
        );
      }}
    </Field>
  );
}

function choicesOf({ value }: SettingField): readonly (string | number)[] | null {
  if (value.kind === 'flag') return ['yes', 'no'];
  return value.kind === 'choice' ? value.choices : null;
}

/** What may be typed, where it isn't there to be chosen. */
function hintOf({ hint, value }: SettingField): string {
  const typed = value.kind === 'flag' || value.kind === 'choice' ? null : describeValue({ value });
  const sentence = typed === null ? null : `${typed.slice(0, 1).toUpperCase()}${typed.slice(1)}.`;
  return [hint, sentence].filter((words) => words !== null).join(' ');
}

function presetText(method: MethodName, preset: PresetName, { name }: SettingField): string {
  const value = new Map(Object.entries(methodDefinition(method).presets[preset])).get(name);
  return value === undefined ? 'as the preset' : `as the preset: ${writeSetting(value)}`;
}
