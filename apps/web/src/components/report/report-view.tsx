/** @file The report of a model version: how good, how sure, and where it is wrong. */
import {
  type EvaluatedSet,
  type EvaluationFile,
  type ImageResult,
  lookUp,
  METRICS,
  type ModelVersion,
  type ThresholdProfile,
  thresholdOf,
  undefinedReason,
} from '@plumbline/contracts';
import { CategoryMetrics } from '~/components/models/category-metrics.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { bundleFileUrl } from '~/format/api-paths.ts';
import { CategoryChoice } from './category-choice.tsx';
import { ChecksCard } from './checks-card.tsx';
import { CostCard } from './cost-card.tsx';
import { type Curve, CurvePlot } from './curve-plot.tsx';
import { Galleries } from './galleries.tsx';
import { MeanMetrics, PooledMetrics } from './mean-metrics.tsx';
import { ModelCard } from './model-card.tsx';
import { ratioHistogram } from './score-axis.ts';
import { ScoreHistogram } from './score-histogram.tsx';

interface ReportViewProps {
  version: ModelVersion;
  /** Null for a bundle of 0.1. */
  file: EvaluationFile | null;
  card: string;
  images: readonly ImageResult[];
  thresholds: ThresholdProfile | null;
  /** Null: all categories together. */
  category: string | null;
}

export function ReportView(props: ReportViewProps) {
  const { version, file, card, images, thresholds, category } = props;
  return (
    <div className="space-y-5">
      <MeanMetrics manifest={version.manifest} />
      <CategoryMetrics version={version} thresholds={thresholds} images={images} />
      <PooledMetrics manifest={version.manifest} />
      {file === null ? (
        <Notice>This bundle was made by version 0.1 and has no curves.</Notice>
      ) : (
        <Curves {...{ version, file, images, thresholds, category }} />
      )}
      <ChecksCard checks={version.manifest.evaluation?.checks ?? []} />
      <Galleries {...{ version, file, images, thresholds }} />
      <CostCard version={version} />
      <ModelCard markdown={card} href={bundleFileUrl(version.model, version.version, 'card.md')} />
    </div>
  );
}

function Curves({
  version,
  file,
  images,
  thresholds,
  category,
}: Pick<ReportViewProps, 'version' | 'images' | 'thresholds' | 'category'> & {
  file: EvaluationFile;
}) {
  const set = (category === null ? undefined : lookUp(file.categories, category)) ?? file.pooled;
  const shown = images.filter((one) => category === null || one.category === category);
  const { curves } = set;
  const because = (metric: 'imageAuroc' | 'pixelAuroc') =>
    category === null && metric === 'pixelAuroc'
      ? 'pixels are not pooled over categories: choose a category'
      : undefinedReason(version.manifest, metric, { ...set, category });
  const image = { label: 'image scores', undefinedBecause: because('imageAuroc') };
  const pixel = { label: 'pixel scores', undefinedBecause: because('pixelAuroc') };
  return (
    <section aria-label="Curves and histograms" className="space-y-5">
      <CategoryChoice
        base={`/models/${version.model}/${version.version}/report`}
        categories={Object.keys(file.categories)}
        chosen={category}
      />
      <ScoreHistogram
        histogram={set.imageScores}
        ratios={
          set.imageScores === null || thresholds === null
            ? null
            : ratioHistogram(shown, thresholds, set.imageScores.normal.length)
        }
        threshold={
          thresholds === null || category === null
            ? (thresholds?.pooled ?? null)
            : thresholdOf(thresholds, category)
        }
        category={category}
      />
      <CurvePlots {...{ curves, image, pixel }} />
    </section>
  );
}

type Because = Pick<Curve, 'label' | 'undefinedBecause'>;

interface CurvePlotsProps extends Pick<EvaluatedSet, 'curves'> {
  image: Because;
  pixel: Because;
}

function CurvePlots({ curves, image, pixel }: CurvePlotsProps) {
  return (
    <div className="grid gap-5 md:grid-cols-2 xl:grid-cols-3">
      <CurvePlot
        title="ROC"
        description="True positive rate (vertical) against false positive rate (horizontal)."
        x="false positive rate"
        y="True positive rate"
        curves={[
          { ...image, points: curves.imageRoc },
          { ...pixel, points: curves.pixelRoc },
        ]}
      />
      <CurvePlot
        title="Precision and recall"
        description="Precision (vertical) against recall (horizontal)."
        x="recall"
        y="Precision"
        curves={[
          { ...image, points: curves.imagePr },
          { ...pixel, points: curves.pixelPr },
        ]}
      />
      <CurvePlot
        title="Per-region overlap (PRO)"
        description={`Mean overlap of the regions (vertical). ${METRICS.aupro30.short} is the shaded part.`}
        x="false positive rate"
        y="Mean overlap"
        limit={0.3}
        curves={[{ ...pixel, label: 'regions', points: curves.pro }]}
      />
    </div>
  );
}
