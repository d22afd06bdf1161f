/** @file Inspects images with a chosen model version; model, version, category and range of values are in the address. */
'use client';

import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import type { PredictTarget } from '~/format/api-paths.ts';
import { CategoryQuestion } from './category-question.tsx';
import { CurlCommand } from './curl-command.tsx';
import { ImageDrop } from './image-drop.tsx';
import { InspectionResult } from './inspection-result.tsx';
import { type NextTarget, type TargetChoice, TargetFields } from './target-fields.tsx';
import { type TryImage, TryImages } from './try-images.tsx';
import { type InspectedImage, useInspection } from './use-inspection.ts';

export interface InspectorProps extends TargetChoice {
  /** In the address, but not a category of this version. */
  unknownCategory: string | undefined;
  /** Whether the version can show what it expects. */
  decoder: boolean;
  tryImages: TryImage[];
}

export function Inspector(props: InspectorProps) {
  const { model, version, versions, category, categories, range, unknownCategory, decoder } = props;
  const router = useRouter();
  const inBrowser = useInBrowser();
  const [moving, startMoving] = useTransition();
  const [image, setImage] = useState<InspectedImage | null>(null);
  const promoted = versions.find((one) => one.promoted)?.version;
  const target: PredictTarget = {
    model,
    ...(version === promoted ? {} : { version }),
    ...(category === undefined ? {} : { category }),
    ...(range === undefined ? {} : { range }),
  };
  const { busy, result, error, again } = useInspection(image, target);
  const waiting = busy || (moving && image !== null);

  const go = (next: NextTarget) => {
    const query = new URLSearchParams({ model: next.model });
    if (next.version !== undefined) query.set('version', String(next.version));
    if (next.category !== undefined) query.set('category', next.category);
    if (next.range !== undefined) query.set('range', next.range);
    startMoving(() => router.replace(`/inspect?${query.toString()}`, { scroll: false }));
  };
  const chooseCategory = (name: string) =>
    go({ model, version: target.version, category: name, range });

  return (
    <div className="space-y-6">
      <TargetFields {...props} onChange={go} />
      {unknownCategory === undefined ? null : (
        <Notice>
          {model} v{version} knows no category “{unknownCategory}”, so the category is found from
          the image.
        </Notice>
      )}
      <ImageDrop
        onImage={(file) => setImage({ name: file.name, bytes: file, truth: null })}
        disabled={!inBrowser}
      />
      <TryImages images={props.tryImages} onImage={setImage} />
      <div aria-live="polite" aria-busy={waiting} className="space-y-6">
        {waiting ? <p role="status">Inspecting {image?.name}</p> : null}
        {error === null || waiting ? null : error.field === 'category' ? (
          <CategoryQuestion error={error} categories={categories} onChoose={chooseCategory} />
        ) : (
          <ErrorNotice error={error} title={`${image?.name ?? 'The image'} was not inspected`} />
        )}
        {result ? (
          <div className={classNames(waiting && 'opacity-50')}>
            <InspectionResult inspected={result} decoder={decoder} onCategory={chooseCategory} />
          </div>
        ) : null}
      </div>
      {error !== null && error.field !== 'category' && !waiting ? (
        <Button variant="secondary" onClick={again}>
          Inspect {image?.name} again
        </Button>
      ) : null}
      <CurlCommand target={target} fileName={image?.name.split('/').at(-1) ?? 'image.png'} />
    </div>
  );
}
