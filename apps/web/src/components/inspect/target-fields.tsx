/** @file Model, version, category and range of values of an inspection. */
'use client';

import { POOLED } from '@plumbline/contracts';
import { Field, Select } from '~/components/ui/field.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import type { InspectWhere } from '~/format/api-paths.ts';
import { RangeField } from './range-field.tsx';

export interface TargetChoice {
  models: { name: string; promotedVersion: number | null }[];
  model: string;
  /** That can answer, newest first. */
  versions: { version: number; promoted: boolean }[];
  version: number;
  categories: string[];
  /** Absent: found from the image. */
  category: string | undefined;
  /** As in `0..4095`. Absent: as in training. */
  range: string | undefined;
  /** The server, or this browser. */
  where: InspectWhere;
}

export interface NextTarget {
  model: string;
  /** Absent: the promoted one. */
  version?: number | undefined;
  category?: string | undefined;
  range?: string | undefined;
}

interface TargetFieldsProps extends TargetChoice {
  onChange: (next: NextTarget) => void;
}

export function TargetFields(props: TargetFieldsProps) {
  const { model, category, range, where, onChange } = props;
  const disabled = !useInBrowser();
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <ModelField {...props} disabled={disabled} />
      <VersionField {...props} disabled={disabled} />
      <CategoryField {...props} disabled={disabled} />
      <RangeField
        key={range}
        range={range}
        disabled={disabled || where === 'browser'}
        onChange={(next) =>
          onChange({ model, version: namedVersion(props), category, range: next })
        }
      />
    </div>
  );
}

type TargetFieldProps = TargetFieldsProps & { disabled: boolean };

function ModelField({ models, model, range, disabled, onChange }: TargetFieldProps) {
  return (
    <Field label="Model">
      {(wiring) => (
        <Select
          {...wiring}
          disabled={disabled}
          value={model}
          onChange={(event) => onChange({ model: event.target.value, range })}
        >
          {models.map((one) => (
            <option key={one.name} value={one.name}>
              {one.promotedVersion === null ? `${one.name}, nothing promoted` : one.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function VersionField(props: TargetFieldProps) {
  const { model, versions, version, category, range, disabled, onChange } = props;
  return (
    <Field label="Version">
      {(wiring) => (
        <Select
          {...wiring}
          disabled={disabled}
          value={version}
          onChange={(event) => {
            const next = namedVersion({ versions, version: Number(event.target.value) });
            onChange({ model, version: next, category, range });
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
  );
}

function CategoryField(props: TargetFieldProps) {
  const { model, categories, category, range, disabled, onChange } = props;
  const choose = (next: string) =>
    onChange({ model, version: namedVersion(props), category: next || undefined, range });
  return (
    <Field label="Category" hint="The threshold of this category decides.">
      {(wiring) => (
        <Select
          {...wiring}
          disabled={disabled}
          value={category ?? ''}
          onChange={(event) => choose(event.target.value)}
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
  );
}

/** The promoted version is asked for without its number. */
function namedVersion({
  versions,
  version,
}: Pick<TargetChoice, 'versions' | 'version'>): number | undefined {
  return versions.some((one) => one.promoted && one.version === version) ? undefined : version;
}
