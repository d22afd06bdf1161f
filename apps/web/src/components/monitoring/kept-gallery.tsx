/** @file Kept images to choose from, and the next version of the dataset that they are added to. */
'use client';

import type { KeptImage } from '@plumbline/contracts';
import { useState } from 'react';
import { ForRole } from '~/components/access/caller.tsx';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { useEditDataset } from '~/components/datasets/use-edit-dataset.ts';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { formatPlural } from '~/format/format-number.ts';
import { type AddedAs, addedChange, labelOf } from './added-images.ts';
import { KeptTile } from './kept-tile.tsx';

interface KeptGalleryProps {
  images: readonly KeptImage[];
  dataset: string;
  run: string;
  model: string;
}

export function KeptGallery({ images, dataset, run, model }: KeptGalleryProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [as, setAs] = useState<Readonly<Record<string, AddedAs>>>({});
  const [defectType, setDefectType] = useState('');
  const { edit, started, isBusy, error } = useEditDataset(dataset);
  const picked = images.filter(({ id }) => chosen.has(id));
  const change = addedChange(picked, as, defectType.trim());
  const anomalous = picked.filter((image) => labelOf(image, as[image.id]) === 'anomalous').length;
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <div className="space-y-4">
      <ul className="grid grid-cols-2 gap-4 sm:grid-cols-4 lg:grid-cols-6">
        {images.map((image) => (
          <li key={image.id}>
            <KeptTile
              image={image}
              isChosen={chosen.has(image.id)}
              as={as[image.id]}
              onChoose={(isChosen) => choose(image.id, isChosen)}
              onLabel={(label) => setAs({ ...as, [image.id]: { ...as[image.id], label } })}
            />
          </li>
        ))}
      </ul>
      {started === null ? (
        <ForRole least="engineer">
          <div className="flex flex-wrap items-end gap-3">
            {anomalous === 0 ? null : <DefectType value={defectType} onChange={setDefectType} />}
            <Button
              disabled={change === null || isBusy}
              onClick={() => change && edit([change], `Inspected by ${model}`)}
            >
              Add to {dataset}
            </Button>
            <p aria-live="polite" className="text-sm text-ink-soft">
              {picked.length === 0
                ? 'Choose images. The versions of the dataset that there are stay as they are.'
                : `${formatPlural(picked.length, 'image')} chosen: ${picked.length - anomalous} normal for training, ${anomalous} anomalous for the test.`}
            </p>
          </div>
        </ForRole>
      ) : (
        <EditProgress initial={started} trainLike={run} />
      )}
      {error ? <ErrorNotice error={error} title="There is no new version" /> : null}
    </div>
  );
}

function DefectType({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Field label="Defect type of the anomalous ones" className="max-w-64">
      {(wiring) => (
        <Input
          {...wiring}
          value={value}
          placeholder="defect"
          maxLength={100}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
