/** @file Inspected images that are kept: filtered, chosen, and added to the next version of the dataset. */
'use client';

import { type KeptImages, type KeptVerdict, keptVerdictSchema } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '~/components/access/caller.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Select } from '~/components/ui/field.tsx';
import { formatBytes, formatPlural } from '~/format/format-number.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { KeepingForm } from './keeping-form.tsx';
import { KeptGallery } from './kept-gallery.tsx';

const VERDICT_WORDS: Readonly<Record<KeptVerdict, string>> = {
  wrong: 'wrong label',
  right: 'right',
  falseAlarm: 'false alarm',
  missedDefect: 'missed defect',
  unjudged: 'not judged',
};
const SHOWN = 60;

interface KeptCardProps {
  model: string;
  /** That the model is trained on. */
  dataset: string;
  /** The training run of the version, to train again like it. */
  run: string;
  category: string | null;
  initial: KeptImages;
}

export function KeptCard({ model, dataset, run, category, initial }: KeptCardProps) {
  const [verdict, setVerdict] = useState<KeptVerdict | null>(null);
  const asked = {
    name: model,
    limit: SHOWN,
    ...(category && { category }),
    ...(verdict && { verdict }),
  };
  const query = useQuery({
    ...useTRPC().monitoring.keptImages.queryOptions(asked),
    ...(verdict === null ? { initialData: initial } : {}),
  });
  const { images = [], total = initial.total, keeping = initial.keeping } = query.data ?? {};
  const isEmpty = total.images === 0;
  return (
    <Card title="Kept images" description={describe(total, useMay('engineer'), dataset)}>
      <div className="space-y-5">
        <KeepingForm model={model} keeping={keeping} onSaved={() => void query.refetch()} />
        {isEmpty ? null : (
          <>
            <Field label="Verdict" className="max-w-56">
              {(wiring) => (
                <Select
                  {...wiring}
                  value={verdict ?? ''}
                  onChange={(event) =>
                    setVerdict(keptVerdictSchema.safeParse(event.target.value).data ?? null)
                  }
                >
                  <option value="">any</option>
                  {keptVerdictSchema.options.map((one) => (
                    <option key={one} value={one}>
                      {VERDICT_WORDS[one]}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            {query.error ? <ErrorNotice error={errorBodyOf(query.error)} /> : null}
            {query.isPending ? <p role="status">Loading images.</p> : null}
            {query.isSuccess && images.length === 0 ? (
              <p className="text-sm text-ink-soft">
                None of {category ?? 'the kept images'} with this verdict.
              </p>
            ) : (
              <KeptGallery images={images} dataset={dataset} run={run} model={model} />
            )}
          </>
        )}
      </div>
    </Card>
  );
}

function describe(
  { images, bytes }: KeptImages['total'],
  mayKeep: boolean,
  dataset: string,
): string {
  if (images === 0)
    return `No inspected image of this model is kept. ${mayKeep ? 'Say below' : 'An engineer can say here'} which ones to keep: false alarms can then become training images without looking for their files.`;
  const kept = `${formatPlural(images, 'image')} of all versions, ${formatBytes(bytes)}.`;
  return mayKeep ? `${kept} Choose some, and add them to the next version of ${dataset}.` : kept;
}
