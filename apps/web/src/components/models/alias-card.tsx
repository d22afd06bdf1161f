/** @file Names by which requests ask for a version, and where each of them points. */
'use client';

import {
  aliasSchema,
  CHAMPION,
  isTrained,
  type ModelAlias,
  type ModelVersion,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ForRole, useMay } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ConfirmDialog } from '~/components/ui/confirm-dialog.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { formatMoment } from '~/format/format-time.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

interface AliasCardProps {
  model: string;
  /** Newest first. */
  versions: ModelVersion[];
  aliases: ModelAlias[];
}

/** Nothing for a model that answers no predictions. */
export function AliasCard({ model, versions, aliases }: AliasCardProps) {
  const numbers = versions.filter(isTrained).map(({ version }) => version);
  const [newest] = numbers;
  if (newest === undefined) return null;
  return (
    <Card
      title="Aliases"
      description={`Requests can ask for a version by an alias, as in /v1/models/${model}@challenger/predict. When you let it point to another version, that one is loaded first, so no request waits or fails.`}
    >
      <ul className="space-y-1.5 text-sm">
        {aliases.map((alias) => (
          <AliasLine key={alias.alias} model={model} alias={alias} />
        ))}
      </ul>
      <ForRole least="engineer">
        <AliasForm model={model} numbers={numbers} newest={newest} aliases={aliases} />
      </ForRole>
    </Card>
  );
}

function AliasLine({
  model,
  alias: { alias, version, by, at },
}: {
  model: string;
  alias: ModelAlias;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const mayChange = useMay('engineer');
  const remove = useMutation(
    trpc.models.removeAlias.mutationOptions({ onSuccess: () => router.refresh() }),
  );
  return (
    <li>
      <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1">
        <code className="font-medium">@{alias}</code>
        <span>version {version}</span>
        <span className="text-ink-soft">
          {at === null ? 'the promoted version' : `since ${formatMoment(at)}, by ${by}`}
        </span>
        {alias === CHAMPION || !mayChange ? null : (
          <ConfirmDialog
            trigger={
              <Button variant="quiet" disabled={remove.isPending}>
                <Trash2 aria-hidden="true" className="size-4" />
                Remove<span className="sr-only"> the alias {alias}</span>
              </Button>
            }
            title={`Remove the alias ${alias}?`}
            description={`Requests to ${model}@${alias} will be refused. Version ${version} stays.`}
            confirmLabel="Remove"
            cancelLabel="Keep it"
            onConfirm={() => remove.mutate({ name: model, alias })}
          />
        )}
      </div>
      {remove.error ? <ErrorNotice error={errorBodyOf(remove.error)} /> : null}
    </li>
  );
}

interface AliasFormProps extends Pick<AliasCardProps, 'model' | 'aliases'> {
  numbers: readonly number[];
  newest: number;
}

function AliasForm({ model, numbers, newest, aliases }: AliasFormProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [alias, setAlias] = useState('');
  const [version, setVersion] = useState(newest);
  const [problem, setProblem] = useState<string | null>(null);
  const set = useMutation(
    trpc.models.setAlias.mutationOptions({
      onSuccess: () => {
        setAlias('');
        router.refresh();
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = aliasSchema.safeParse(alias.trim());
    setProblem(read.success ? null : (read.error.issues[0]?.message ?? null));
    if (read.success) set.mutate({ name: model, alias: read.data, version });
  };
  const known = aliases.find((one) => one.alias === alias.trim());
  return (
    <form onSubmit={submit} className="mt-4 space-y-3">
      {set.error ? <ErrorNotice error={errorBodyOf(set.error)} /> : null}
      <div className="flex flex-wrap items-start gap-3">
        <Field
          label="Alias"
          className="w-64"
          error={problem}
          hint={
            known === undefined
              ? 'A new name, or one from the list.'
              : `Points to version ${known.version} now.`
          }
        >
          {(wiring) => (
            <Input
              {...wiring}
              value={alias}
              placeholder="challenger"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => setAlias(event.target.value)}
            />
          )}
        </Field>
        <VersionField numbers={numbers} value={version} onChange={setVersion} />
        <Button type="submit" variant="secondary" className="mt-6" disabled={set.isPending}>
          {set.isPending ? 'Loading the version …' : 'Set the alias'}
        </Button>
      </div>
    </form>
  );
}

interface VersionFieldProps {
  numbers: readonly number[];
  value: number;
  onChange: (version: number) => void;
}

function VersionField({ numbers, value, onChange }: VersionFieldProps) {
  return (
    <Field label="Version" className="w-32">
      {(wiring) => (
        <Select
          {...wiring}
          value={value}
          onChange={(event) => onChange(Number(event.target.value))}
        >
          {numbers.map((number) => (
            <option key={number} value={number}>
              v{number}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
