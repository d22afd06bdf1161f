/** @file What an inspection found: the verdict, the heatmap, and the score in context. */
'use client';

import { type CategoryRegions, formatRatio, polygonsOf } from '@plumbline/contracts';
import { VerdictButtons } from '~/components/monitoring/verdict-buttons.tsx';
import { Card } from '~/components/ui/card.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { Badge, LabelBadge } from '~/components/ui/status-badge.tsx';
import { formatMilliseconds, formatScore } from '~/format/format-number.ts';
import { CategoryDoubt } from './category-doubt.tsx';
import { InspectedPicture } from './inspected-picture.tsx';
import { NormalPicture } from './normal-picture.tsx';
import { ScoreBar } from './score-bar.tsx';
import { TeachNormal } from './teach-normal.tsx';
import type { Inspected, InspectedPrediction } from './use-inspection.ts';
import { categoryText, falseAlarmText, regionsText } from './verdict-texts.ts';

interface InspectionResultProps {
  inspected: Inspected;
  /** Whether the version can show what it expects. */
  decoder: boolean;
  /** What the version ignores, by category. */
  ignore: readonly CategoryRegions[] | undefined;
  onCategory: (category: string) => void;
}

export function InspectionResult({
  inspected,
  decoder,
  ignore,
  onCategory,
}: InspectionResultProps) {
  const { image, prediction } = inspected;
  return (
    <Card
      title={image.name}
      actions={
        <span className="flex gap-2">
          <LabelBadge label={prediction.predictedLabel} />
          {prediction.uncertain ? <Badge tone="warn">uncertain</Badge> : null}
          {prediction.unfamiliar === true ? <Badge tone="warn">unfamiliar</Badge> : null}
        </span>
      }
    >
      <div className="grid gap-6 lg:grid-cols-2">
        <Pictures {...{ inspected, decoder, ignore }} />
        <div className="space-y-5">
          <Verdict prediction={prediction} />
          <CategoryDoubt prediction={prediction} onCategory={onCategory} />
          <ScoreBar imageScore={prediction.imageScore} threshold={prediction.threshold} />
          <PredictionFacts inspected={inspected} />
          {prediction.inspection === null ? null : (
            <OperatorVerdict id={prediction.inspection} inspected={inspected} />
          )}
          {prediction.inspection !== null && prediction.predictedLabel === 'anomalous' ? (
            <TeachNormal key={image.name} image={image} prediction={prediction} />
          ) : null}
        </div>
      </div>
    </Card>
  );
}

function Pictures({ inspected, decoder, ignore }: Omit<InspectionResultProps, 'onCategory'>) {
  const { image, prediction, range } = inspected;
  return (
    <div className="space-y-5">
      <InspectedPicture
        image={image}
        prediction={prediction}
        ignored={polygonsOf(ignore, prediction.category)}
      />
      {decoder && prediction.inspection !== null ? (
        <NormalPicture
          model={prediction.model}
          version={prediction.modelVersion}
          image={image.bytes}
          category={prediction.category}
          range={range}
          size={{ width: prediction.width, height: prediction.height }}
        />
      ) : null}
    </div>
  );
}

function Verdict({ prediction }: { prediction: InspectedPrediction }) {
  const { scoreRatio, predictedLabel, uncertain } = prediction;
  return (
    <p>
      <strong
        className={classNames(
          'block text-2xl capitalize',
          predictedLabel === 'anomalous' ? 'text-bad' : 'text-ok',
        )}
      >
        {predictedLabel}
        {uncertain ? ', uncertain' : ''}
      </strong>
      <span className="text-lg">
        {scoreRatio === null
          ? 'multiple of the threshold undefined'
          : `${formatRatio(scoreRatio)} × the threshold`}
      </span>
    </p>
  );
}

interface OperatorVerdictProps {
  id: string;
  inspected: Inspected;
}

function OperatorVerdict({ id, inspected: { image, prediction } }: OperatorVerdictProps) {
  return (
    <div className="space-y-2 text-sm">
      <p>Was the label right? Verdicts are counted under Monitoring.</p>
      <VerdictButtons
        key={id}
        id={id}
        name={image.name}
        label={prediction.predictedLabel}
        initial={null}
      />
    </div>
  );
}

function PredictionFacts({ inspected }: { inspected: Inspected }) {
  const { image, prediction } = inspected;
  return (
    <Facts>
      <Fact term="Category">{categoryText(prediction)}</Fact>
      {prediction.regions === null ? null : (
        <Fact term="Regions">{regionsText(prediction.regions)}</Fact>
      )}
      <Fact term="False alarms at this score">{falseAlarmText(prediction)}</Fact>
      {image.truth === null ? null : <Fact term="Label in the dataset">{image.truth}</Fact>}
      <Fact term="Image score">{formatScore(prediction.imageScore)}</Fact>
      <Fact term="Threshold">
        {formatScore(prediction.threshold)}, profile {prediction.thresholdProfile}
      </Fact>
      <Fact term="Model version">
        {prediction.model} v{prediction.modelVersion}
      </Fact>
      <Fact term="Image size">
        {prediction.width} × {prediction.height} px
      </Fact>
      <Fact term="Took">
        {formatMilliseconds(prediction.latencyMs)}
        {prediction.inspection === null ? ' in this browser' : ''}
      </Fact>
    </Facts>
  );
}
