/** @file Draws what is ignored in every image of a category, and makes the next version of it. */
'use client';

import {
  type IgnorePolygon,
  type ImageBlob,
  ignoredShare,
  LARGEST_IGNORED_SHARE,
} from '@plumbline/contracts';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { type EditDataset, useEditDataset } from '~/components/datasets/use-edit-dataset.ts';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { RegionArea } from './region-area.tsx';
import { type Regions, useRegions } from './use-regions.ts';

interface IgnoreEditorProps {
  dataset: string;
  category: string;
  /** A normal image of it. */
  image: ImageBlob;
  /** Of the latest version. */
  polygons: readonly IgnorePolygon[];
}

export function IgnoreEditor({ dataset, category, image, polygons }: IgnoreEditorProps) {
  const regions = useRegions(polygons, image);
  const saving = useEditDataset(dataset);
  const disabled = saving.isBusy || saving.started !== null;
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <RegionArea image={image} regions={regions} disabled={disabled} />
      <div className="space-y-6">
        <RegionList regions={regions} disabled={disabled} />
        <SaveRegions {...{ dataset, category, regions, saving }} />
      </div>
    </div>
  );
}

function RegionList({ regions, disabled }: { regions: Regions; disabled: boolean }) {
  const { polygons, draft, canUndo, canRedo } = regions;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap gap-2">
        <Button variant="secondary" disabled={disabled || !draft.canClose} onClick={draft.close}>
          Close the region
        </Button>
        <Button variant="secondary" disabled={disabled || !canUndo} onClick={regions.undo}>
          Undo
        </Button>
        <Button variant="secondary" disabled={disabled || !canRedo} onClick={regions.redo}>
          Redo
        </Button>
      </div>
      {polygons.length === 0 ? (
        <p className="text-sm text-ink-soft">Nothing is ignored.</p>
      ) : (
        <ul className="divide-y divide-line text-sm">
          {polygons.map((polygon, index) => (
            <li key={JSON.stringify(polygon)} className="flex items-center justify-between py-1">
              <span>
                Region {index + 1}: {percent(ignoredShare([polygon]))} of the image
              </span>
              <Button
                variant="quiet"
                disabled={disabled}
                aria-label={`Remove region ${index + 1}`}
                onClick={() => regions.remove(index)}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface SaveRegionsProps {
  dataset: string;
  category: string;
  regions: Regions;
  saving: EditDataset;
}

function SaveRegions({ dataset, category, regions, saving }: SaveRegionsProps) {
  const { started, isBusy, error, edit } = saving;
  if (started !== null) return <EditProgress initial={started} />;
  const { polygons, draft, isChanged } = regions;
  const share = ignoredShare(polygons);
  const isTooMuch = share > LARGEST_IGNORED_SHARE;
  const save = () =>
    edit(
      [{ kind: 'setIgnore', category, polygons: polygons.map((polygon) => [...polygon]) }],
      'Ignore regions drawn',
    );
  return (
    <div className="space-y-4">
      <p aria-live="polite" className="text-sm">
        {percent(share)} of every image of {category} is ignored.
        {draft.corners.length === 0 ? '' : ' A region is not closed yet.'}
      </p>
      {isTooMuch ? (
        <p role="alert" className="text-bad text-sm">
          Leave at least {percent(1 - LARGEST_IGNORED_SHARE)} of the image.
        </p>
      ) : null}
      <Button
        disabled={isBusy || !isChanged || isTooMuch || draft.corners.length > 0}
        onClick={save}
      >
        Make the next version
      </Button>
      <p className="text-sm text-ink-soft">
        Scores, thresholds and pixel metrics of models that you train on it leave the regions out.
        Draw them with a margin. Results on versions with other regions are on separate
        leaderboards.
      </p>
      {error ? <ErrorNotice error={error} title={`“${dataset}” has no new version`} /> : null}
    </div>
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
