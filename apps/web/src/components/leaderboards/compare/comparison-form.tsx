/** @file Which two rows are compared. A plain form: it works before React does, and its result is a link. */
import type { LeaderboardRow } from '@plumbline/contracts';
import { ArrowLeftRight } from 'lucide-react';
import { buttonClass } from '~/components/ui/button-class.ts';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { Field, Select } from '~/components/ui/field.tsx';
import { type ComparisonAddress, comparisonPath } from './comparison-address.ts';

interface ComparisonFormProps {
  address: ComparisonAddress;
  rows: readonly LeaderboardRow[];
}

export function ComparisonForm({ address, rows }: ComparisonFormProps) {
  const { a, b, datasetVersion, protocol } = address;
  const [first, second] = rows.map(referenceOf);
  return (
    <form
      // A new choice, come by a link, is a new form.
      key={`${a} ${b}`}
      aria-label="Rows to compare"
      className="flex flex-wrap items-end gap-3"
    >
      <RowSelect label="A" name="a" rows={rows} chosen={a ?? first} />
      <RowSelect label="B" name="b" rows={rows} chosen={b ?? second} />
      {datasetVersion === null ? null : (
        <input type="hidden" name="datasetVersion" value={datasetVersion} />
      )}
      {protocol === null ? null : <input type="hidden" name="protocol" value={protocol} />}
      <button type="submit" className={buttonClass()}>
        Compare
      </button>
      {a === null || b === null ? null : (
        <ButtonLink variant="secondary" href={comparisonPath({ ...address, a: b, b: a })}>
          <ArrowLeftRight aria-hidden="true" className="size-4" />
          Swap
        </ButtonLink>
      )}
    </form>
  );
}

interface RowSelectProps {
  label: string;
  name: string;
  rows: readonly LeaderboardRow[];
  chosen: string | undefined;
}

function RowSelect({ label, name, rows, chosen }: RowSelectProps) {
  const known = rows.some((row) => referenceOf(row) === chosen);
  return (
    <Field label={label} className="min-w-0 grow sm:max-w-lg">
      {(wiring) => (
        <Select {...wiring} name={name} defaultValue={chosen}>
          {known || chosen === undefined ? null : <option>{chosen}</option>}
          {rows.map((row) => (
            <option key={referenceOf(row)} value={referenceOf(row)}>
              {row.model} v{row.modelVersion}, {row.method} {row.preset}, seed {row.seed}
              {row.barred === null ? '' : ', barred'}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function referenceOf(row: LeaderboardRow): string {
  return `${row.model}@${row.modelVersion}`;
}
