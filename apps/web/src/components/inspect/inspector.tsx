/**
 * @file Inspects images with a chosen model version, on the server or in this browser; what is chosen is in the address:
 * model, version, category, range of values and where.
 */
'use client';

import type { CategoryRegions } from '@plumbline/contracts';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { ForRole } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { Segmented } from '~/components/ui/segmented.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import type { InspectWhere, PredictTarget } from '~/format/api-paths.ts';
import { CameraView } from './camera/camera-view.tsx';
import { CategoryQuestion } from './category-question.tsx';
import { CurlCommand } from './curl-command.tsx';
import { ImageDrop } from './image-drop.tsx';
import { InspectionResult } from './inspection-result.tsx';
import { LocalModelCard } from './local/local-model-card.tsx';
import { useLocalModel } from './local/use-local-model.ts';
import { type NextTarget, type TargetChoice, TargetFields } from './target-fields.tsx';
import { type TryImage, TryImages } from './try-images.tsx';
import {
  askServer,
  type InspectedImage,
  type Inspection,
  useInspection,
} from './use-inspection.ts';

export interface InspectorProps extends TargetChoice {
  /** In the address, but not a category of this version. */
  unknownCategory: string | undefined;
  /** Whether the version can show what it expects. */
  decoder: boolean;
  /** What it ignores in the images of each category; undefined where nothing is. */
  ignore: readonly CategoryRegions[] | undefined;
  /** Of its graph. */
  modelBytes: number;
  tryImages: TryImage[];
}

const WHERE: readonly { readonly value: InspectWhere; readonly label: string }[] = [
  { value: 'server', label: 'On the server' },
  { value: 'browser', label: 'In this browser' },
];

export function Inspector(props: InspectorProps) {
  const { model, version, category, where } = props;
  const inBrowser = useInBrowser();
  const { moving, go } = useAddress(where);
  const [image, setImage] = useState<InspectedImage | null>(null);
  const local = useLocalModel(model, version);
  const target = predictTarget(props);
  const inspection = useInspection(image, target, where === 'server' ? askServer : local.ask);
  const takeFile = (file: File) => setImage({ name: file.name, bytes: file, truth: null });
  const chosen = { model, version: target.version, category, range: props.range };
  return (
    <div className="space-y-6">
      <TargetFields {...props} onChange={go} />
      <Segmented
        legend="Where the model runs"
        choices={WHERE}
        value={where}
        disabled={moving}
        onChange={(next) => go({ ...chosen, where: next })}
      />
      {where === 'browser' ? (
        <LocalModelCard {...local} name={`${model} v${version}`} modelBytes={props.modelBytes} />
      ) : null}
      {props.unknownCategory === undefined ? null : (
        <Notice>
          {model} v{version} knows no category “{props.unknownCategory}”, so the category is found
          from the image.
        </Notice>
      )}
      <ForRole least={where === 'server' ? 'operator' : 'viewer'} what="Inspecting on the server">
        <ImageDrop onImage={takeFile} disabled={!inBrowser} isLocal={where === 'browser'} />
        <CameraView onImage={takeFile} />
        <TryImages images={props.tryImages} onImage={setImage} />
        <Outcome
          {...{ image, inspection, moving }}
          categories={props.categories}
          decoder={props.decoder}
          ignore={props.ignore}
          isLoaded={where === 'server' || local.ask !== null}
          onCategory={(name) => go({ ...chosen, category: name })}
        />
        {where === 'server' ? (
          <CurlCommand target={target} fileName={image?.name.split('/').at(-1) ?? 'image.png'} />
        ) : null}
      </ForRole>
    </div>
  );
}

interface OutcomeProps extends Pick<InspectorProps, 'categories' | 'decoder' | 'ignore'> {
  image: InspectedImage | null;
  inspection: Inspection;
  moving: boolean;
  /** Whether there is somebody to ask. */
  isLoaded: boolean;
  onCategory: (name: string) => void;
}

function Outcome({ image, inspection, moving, isLoaded, ...rest }: OutcomeProps) {
  const { busy, result, error, again } = inspection;
  const waiting = busy || (moving && image !== null);
  return (
    <>
      <div aria-live="polite" aria-busy={waiting} className="space-y-6">
        {waiting ? <p role="status">Inspecting {image?.name}</p> : null}
        {image !== null && !isLoaded ? (
          <p role="status">{image.name} is inspected once the model is loaded.</p>
        ) : null}
        {error === null || waiting ? null : error.field === 'category' ? (
          <CategoryQuestion error={error} categories={rest.categories} onChoose={rest.onCategory} />
        ) : (
          <ErrorNotice error={error} title={`${image?.name ?? 'The image'} was not inspected`} />
        )}
        {result ? (
          <div className={classNames(waiting && 'opacity-50')}>
            <InspectionResult
              inspected={result}
              decoder={rest.decoder}
              ignore={rest.ignore}
              onCategory={rest.onCategory}
            />
          </div>
        ) : null}
      </div>
      {error !== null && error.field !== 'category' && !waiting ? (
        <Button variant="secondary" onClick={again}>
          Inspect {image?.name} again
        </Button>
      ) : null}
    </>
  );
}

/** The promoted version is asked for without its number. */
function predictTarget(props: InspectorProps): PredictTarget {
  const { model, version, versions, category, range } = props;
  const promoted = versions.find((one) => one.promoted)?.version;
  return {
    model,
    ...(version === promoted ? {} : { version }),
    ...(category === undefined ? {} : { category }),
    ...(range === undefined ? {} : { range }),
  };
}

function useAddress(where: InspectWhere) {
  const router = useRouter();
  const [moving, startMoving] = useTransition();
  const go = (next: NextTarget & { readonly where?: InspectWhere }) => {
    const query = new URLSearchParams({ model: next.model });
    if (next.version !== undefined) query.set('version', String(next.version));
    if (next.category !== undefined) query.set('category', next.category);
    if (next.range !== undefined) query.set('range', next.range);
    if ((next.where ?? where) === 'browser') query.set('where', 'browser');
    startMoving(() => router.replace(`/inspect?${query.toString()}`, { scroll: false }));
  };
  return { moving, go };
}
