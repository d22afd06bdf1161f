/** @file Draws the ground-truth mask of one sample. */
'use client';

import type { Sample } from '@plumbline/contracts';
import { useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { DrawingArea } from './drawing-area.tsx';
import type { MaskDrawing } from './mask-drawing.ts';
import { MaskTools } from './mask-tools.tsx';
import { RectangleForm } from './rectangle-form.tsx';
import { SaveCard } from './save-card.tsx';
import type { Tools } from './tools.ts';
import { type LoadedDrawing, useMaskDrawing } from './use-mask-drawing.ts';
import { usePolygon } from './use-polygon.ts';
import { useSaveMask } from './use-save-mask.ts';

interface MaskEditorProps {
  dataset: string;
  sample: Sample;
}

/** What browsers can hold as pixels to draw on. */
const MAX_PIXELS = 50e6;

export function MaskEditor({ dataset, sample }: MaskEditorProps) {
  const { width, height } = sample.image;
  if (width * height <= MAX_PIXELS) return <LoadingEditor dataset={dataset} sample={sample} />;
  return (
    <Notice>
      This image has {width} × {height} pixels, too many to draw on here. Draw the mask in another
      program, then run: plumb datasets edit {dataset} --mask {sample.path}=mask.png
    </Notice>
  );
}

function LoadingEditor({ dataset, sample }: MaskEditorProps) {
  const loaded = useMaskDrawing(sample);
  const { drawing, error, again } = loaded;
  if (error !== null)
    return (
      <div className="space-y-3">
        <ErrorNotice error={error} title="The mask of this image did not load" />
        <Button variant="secondary" onClick={again}>
          Try again
        </Button>
      </div>
    );
  if (drawing === null) return <ProgressBar label="Loading the mask" value={null} />;
  return <MaskBoard {...{ dataset, sample, loaded, drawing }} />;
}

interface MaskBoardProps extends MaskEditorProps {
  loaded: LoadedDrawing;
  drawing: MaskDrawing;
}

function MaskBoard({ dataset, sample, loaded, drawing }: MaskBoardProps) {
  const { image } = sample;
  const { revision, change } = loaded;
  const side = Math.max(image.width, image.height);
  const [tools, setTools] = useState<Tools>({
    ...{ shape: 'polygon', effect: 'mark', zoom: 1 },
    brush: Math.max(1, Math.round(side / 40)),
  });
  const polygon = usePolygon(tools.effect, change);
  const saving = useSaveMask(dataset, sample);
  const disabled = saving.isBusy || saving.started !== null;
  const largestBrush = Math.max(8, Math.round(side / 8));
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0 space-y-4">
        <MaskTools
          {...{ tools, largestBrush, drawing, polygon, disabled, change }}
          onTools={setTools}
        />
        <DrawingArea {...{ image, drawing, revision, tools, polygon, disabled, change }} />
      </div>
      <div className="space-y-6">
        <RectangleForm image={image} effect={tools.effect} disabled={disabled} change={change} />
        <SaveCard {...{ dataset, sample, drawing, saving }} />
      </div>
    </div>
  );
}
