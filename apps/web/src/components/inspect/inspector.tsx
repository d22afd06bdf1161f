/** @file Inspects images with a chosen model; model and category are in the URL. */
'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Select } from '~/components/ui/field.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import type { PredictTarget } from '~/format/api-paths.ts';
import { CurlCommand } from './curl-command.tsx';
import { ImageDrop } from './image-drop.tsx';
import { InspectionResult } from './inspection-result.tsx';
import { useInspection } from './use-inspection.ts';

interface InspectorProps {
  models: { name: string; promotedVersion: number }[];
  model: string;
  categories: string[];
  category: string | undefined;
  decoder: boolean;
}

export function Inspector({ models, model, categories, category, decoder }: InspectorProps) {
  const router = useRouter();
  const inspection = useInspection();
  const inBrowser = useInBrowser();
  const [file, setFile] = useState<File | null>(null);
  const target: PredictTarget = { model, ...(category === undefined ? {} : { category }) };

  const go = (nextModel: string, nextCategory: string) => {
    const query = new URLSearchParams({ model: nextModel });
    if (nextCategory !== '') query.set('category', nextCategory);
    router.replace(`/inspect?${query.toString()}`, { scroll: false });
  };
  const inspect = (image: File) => {
    setFile(image);
    void inspection.inspect(image, target);
  };

  return (
    <div className="space-y-6">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Model" hint="Its promoted version answers.">
          {(wiring) => (
            <Select
              {...wiring}
              disabled={!inBrowser}
              value={model}
              onChange={(event) => go(event.target.value, '')}
            >
              {models.map((one) => (
                <option key={one.name} value={one.name}>
                  {one.name}, v{one.promotedVersion}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Category" hint="Chooses the threshold; pooled when left open.">
          {(wiring) => (
            <Select
              {...wiring}
              disabled={!inBrowser}
              value={category ?? ''}
              onChange={(event) => go(model, event.target.value)}
            >
              <option value="">Any (pooled threshold)</option>
              {categories.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <ImageDrop onImage={inspect} disabled={!inBrowser || inspection.busy} />
      <div aria-live="polite" className="space-y-6">
        {inspection.busy ? <p role="status">Inspecting {file?.name}</p> : null}
        {inspection.error ? (
          <ErrorNotice error={inspection.error} title="The image was not inspected" />
        ) : null}
        {inspection.result ? (
          <InspectionResult inspected={inspection.result} decoder={decoder} />
        ) : null}
      </div>
      {file !== null && !inspection.busy ? (
        <Button variant="secondary" onClick={() => inspect(file)}>
          Inspect {file.name} again
        </Button>
      ) : null}
      <CurlCommand target={target} fileName={file?.name ?? 'image.png'} />
    </div>
  );
}
