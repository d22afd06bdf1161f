/** @file "Add normal images": the training images of another dataset, as a new version, without fitting again. */
'use client';

import { isExtendable, type TrainedVersion } from '@plumbline/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ImagePlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Select } from '~/components/ui/field.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';

/** Nothing for a version that images can't be added to. */
export function ExtendCard({ version }: { version: TrainedVersion }) {
  return isExtendable(version.manifest) ? <ExtendForm version={version} /> : null;
}

function ExtendForm({ version: { model, version, manifest } }: { version: TrainedVersion }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [chosen, setChosen] = useState<string | null>(null);
  const datasets = useQuery(trpc.datasets.list.queryOptions());
  const extend = useMutation(
    trpc.models.extend.mutationOptions({ onSuccess: ({ id }) => router.push(`/runs/${id}`) }),
  );
  const others = datasets.data?.filter(({ name }) => name !== manifest.lineage.dataset) ?? [];
  const from = chosen ?? others[0]?.name;
  return (
    <Card
      title="Add normal images"
      description="Import false alarms, or other further normal images, as a dataset of the same categories, and add its training images. It takes seconds: nothing is fitted again. The new version is not ranked, since it knows more than its dataset version."
    >
      {extend.error ? <ErrorNotice error={errorBodyOf(extend.error)} /> : null}
      {datasets.error ? <ErrorNotice error={errorBodyOf(datasets.error)} /> : null}
      {from === undefined ? (
        <p className="text-ink-soft text-sm">There is no other dataset yet.</p>
      ) : (
        <div className="flex flex-wrap items-end gap-3">
          <Field label="Dataset" className="w-64">
            {(wiring) => (
              <Select {...wiring} value={from} onChange={(event) => setChosen(event.target.value)}>
                {others.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </Select>
            )}
          </Field>
          <Button
            variant="secondary"
            disabled={extend.isPending}
            onClick={() => extend.mutate({ name: model, version, from })}
          >
            <ImagePlus aria-hidden="true" className="size-4" />
            Add its images
          </Button>
        </div>
      )}
    </Card>
  );
}
