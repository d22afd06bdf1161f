/** @file Model, version and category of an inspection. */
'use client';

import { POOLED } from '@plumbline/contracts';
import { Field, Select } from '~/components/ui/field.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';

export interface TargetChoice {
  models: { name: string; promotedVersion: number | null }[];
  model: string;
  /** That can answer, newest first. */
  versions: { version: number; promoted: boolean }[];
  version: number;
  categories: string[];
  /** Absent: found from the image. */
  category: string | undefined;
}

export interface NextTarget {
  model: string;
  /** Absent: the promoted one. */
  version?: number | undefined;
  category?: string | undefined;
}

interface TargetFieldsProps extends TargetChoice {
  onChange: (next: NextTarget) => void;
}

export function TargetFields(props: TargetFieldsProps) {
  const { models, model, versions, version, categories, category, onChange } = props;
  const disabled = !useInBrowser();
  const promoted = versions.find((one) => one.promoted)?.version;
  const named = version === promoted ? undefined : version;
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Field label="Model">
        {(wiring) => (
          <Select
            {...wiring}
            disabled={disabled}
            value={model}
            onChange={(event) => onChange({ model: event.target.value })}
          >
            {models.map((one) => (
              <option key={one.name} value={one.name}>
                {one.promotedVersion === null ? `${one.name}, nothing promoted` : one.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Version">
        {(wiring) => (
          <Select
            {...wiring}
            disabled={disabled}
            value={version}
            onChange={(event) => {
              const next = Number(event.target.value);
              onChange({ model, version: next === promoted ? undefined : next, category });
            }}
          >
            {versions.map((one) => (
              <option key={one.version} value={one.version}>
                v{one.version}
                {one.promoted ? ', promoted' : ''}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Category" hint="Its threshold decides.">
        {(wiring) => (
          <Select
            {...wiring}
            disabled={disabled}
            value={category ?? ''}
            onChange={(event) =>
              onChange({ model, version: named, category: event.target.value || undefined })
            }
          >
            <option value="">found from the image</option>
            {categories.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
            <option value={POOLED}>pooled: one threshold for all</option>
          </Select>
        )}
      </Field>
    </div>
  );
}
