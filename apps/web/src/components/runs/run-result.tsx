/** @file What came of a run: its metrics beside the best of its board, test images with heatmaps, and what to do next. */
import type { RunResult } from '@plumbline/contracts';
import { PromoteButton } from '~/components/models/promote-button.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { Card } from '~/components/ui/card.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { inspectPath, leaderboardPath } from '~/format/api-paths.ts';
import { ResultImages } from './result-images.tsx';
import { ResultMetrics } from './result-metrics.tsx';

export function RunResultCard({ result }: { result: RunResult }) {
  const { model, modelVersion, barred, thresholdNotes } = result;
  const version = `/models/${model}/${modelVersion}`;
  return (
    <Card
      title="Result"
      description={placeOf(result)}
      actions={
        <div className="flex flex-wrap items-center gap-2">
          <ServingState result={result} />
          <ButtonLink href={inspectPath(model, modelVersion)}>Try an image</ButtonLink>
        </div>
      }
    >
      <div className="space-y-6">
        {barred === null ? null : <Notice>Not ranked: {barred}</Notice>}
        <div className="space-y-3">
          <ResultMetrics result={result} />
          {thresholdNotes.map((note) => (
            <p key={note} className="text-ink-soft text-sm">
              {note}
            </p>
          ))}
        </div>
        <ResultImages model={model} version={modelVersion} images={result.images} />
        <p className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
          <TextLink href={`${version}/report`}>Report of {`${model} v${modelVersion}`}</TextLink>
          <TextLink href={boardOf(result)}>Leaderboard of {result.dataset}</TextLink>
          <TextLink href={`/models/${model}?version=${modelVersion}`}>All its test images</TextLink>
        </p>
      </div>
    </Card>
  );
}

function ServingState({ result }: { result: RunResult }) {
  const { model, modelVersion, promoted, promotedVersion } = result;
  if (promoted) return <Badge tone="ok">Serves predictions</Badge>;
  return (
    <>
      <span className="text-ink-soft text-sm">
        {promotedVersion === null ? 'No version serves yet' : `Version ${promotedVersion} serves`}
      </span>
      <PromoteButton model={model} version={modelVersion} />
    </>
  );
}

function boardOf({ dataset, datasetVersion, protocolKey }: RunResult): string {
  return leaderboardPath(dataset, datasetVersion, protocolKey);
}

function placeOf(result: RunResult) {
  const { rows, place, barred, protocol, dataset } = result;
  const board = (
    <>
      <TextLink href={boardOf(result)}>leaderboard of {dataset}</TextLink> under {protocol}
    </>
  );
  if (place === null && barred === null)
    return <>Not ranked on the {board}: its test images allow no metric.</>;
  if (place === null) return <>Mean over the categories. Not ranked on the {board}.</>;
  if (rows === 1) return <>Mean over the categories. The first on the {board}.</>;
  return (
    <>
      Mean over the categories. Place {place} of {rows} by image AUROC on the {board}.
    </>
  );
}
