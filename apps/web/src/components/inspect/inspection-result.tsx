/** @file What an inspection found: the picture, the heatmap over it, and the score in context. */
'use client';

import { useId, useState } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { Picture } from '~/components/ui/picture.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { Badge, LabelBadge } from '~/components/ui/status-badge.tsx';
import { formatMilliseconds, formatShare } from '~/format/format-number.ts';
import { ColorLegend } from './color-legend.tsx';
import { NormalPicture } from './normal-picture.tsx';
import { ScoreBar } from './score-bar.tsx';
import type { Inspected } from './use-inspection.ts';

interface InspectionResultProps {
  inspected: Inspected;
  /** Whether the version can show what it takes for normal. */
  decoder: boolean;
}

export function InspectionResult({ inspected, decoder }: InspectionResultProps) {
  const { prediction } = inspected;
  return (
    <Card
      title={inspected.file.name}
      actions={
        <span className="flex gap-2">
          <LabelBadge label={prediction.predictedLabel} />
          {prediction.uncertain ? <Badge tone="warn">uncertain</Badge> : null}
        </span>
      }
    >
      <div className="space-y-6">
        <Pictures inspected={inspected} decoder={decoder} />
        <ScoreBar imageScore={prediction.imageScore} threshold={prediction.threshold} />
        <Facts>
          <Fact term="Predicted label">
            {prediction.predictedLabel}
            {prediction.uncertain ? ', uncertain' : ''}
          </Fact>
          <Fact term="False-alarm rate at this score">
            {prediction.falseAlarmRate === null
              ? 'undefined'
              : formatShare(prediction.falseAlarmRate)}
            <span className="block text-xs font-normal text-ink-soft">
              of held-out normal images score at least as high
            </span>
          </Fact>
          <Fact term="Threshold of">{prediction.category ?? 'all categories, pooled'}</Fact>
          <Fact term="Threshold profile">{prediction.thresholdProfile}</Fact>
          <Fact term="Model version">
            {prediction.model} v{prediction.modelVersion}
          </Fact>
          <Fact term="Image size">
            {prediction.width} × {prediction.height} px
          </Fact>
          <Fact term="Took">{formatMilliseconds(prediction.latencyMs)}</Fact>
        </Facts>
      </div>
    </Card>
  );
}

function Pictures({ inspected: { file, imageUrl, prediction }, decoder }: InspectionResultProps) {
  const [opacity, setOpacity] = useState(1);
  const sliderId = useId();
  const size = { width: prediction.width, height: prediction.height };
  const heatmap =
    prediction.heatmap === null ? null : `data:image/png;base64,${prediction.heatmap}`;
  return (
    <div className={classNames('grid gap-5 sm:grid-cols-2', decoder && 'lg:grid-cols-3')}>
      <figure>
        <Picture
          src={imageUrl}
          alt="Inspected"
          {...size}
          className="h-auto w-full rounded-md bg-sunken"
        />
        <figcaption className="mt-1.5 text-sm text-ink-soft">Image</figcaption>
      </figure>
      {heatmap === null ? null : (
        <figure>
          <div className="relative">
            <Picture
              src={imageUrl}
              alt=""
              {...size}
              className="h-auto w-full rounded-md bg-sunken"
            />
            <Picture
              src={heatmap}
              alt="Heatmap: bright where it deviates from normal"
              className="absolute inset-0 size-full rounded-md"
              style={{ opacity }}
            />
          </div>
          <figcaption className="mt-1.5 space-y-3">
            <span className="block text-sm text-ink-soft">Heatmap</span>
            <ColorLegend scale={prediction.heatmapScale} />
            <span className="flex items-center gap-3 text-sm">
              <label htmlFor={sliderId}>Opacity</label>
              <input
                id={sliderId}
                type="range"
                min={0}
                max={1}
                step={0.05}
                value={opacity}
                aria-valuetext={formatShare(opacity)}
                onChange={(event) => setOpacity(event.target.valueAsNumber)}
                className="grow accent-accent"
              />
              <span className="w-12 text-right">{formatShare(opacity)}</span>
            </span>
          </figcaption>
        </figure>
      )}
      {decoder ? (
        <NormalPicture
          model={prediction.model}
          version={prediction.modelVersion}
          image={file}
          size={size}
        />
      ) : null}
    </div>
  );
}
