/** @file The report of a model version: how good, how sure, and where it is wrong. */
import {
  type EvaluationFile,
  type ImageResult,
  isTrained,
  type ModelVersion,
  type ThresholdProfile,
  undefinedReason,
} from '@plumbline/contracts';
import { CategoryMetrics } from '~/components/models/category-metrics.tsx';
import { hardImages } from '~/components/models/hard-images.ts';
import { Card } from '~/components/ui/card.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { bundleFileUrl } from '~/format/api-paths.ts';
import { CategoryChoice } from './category-choice.tsx';
import { ChecksCard } from './checks-card.tsx';
import { CostCard } from './cost-card.tsx';
import { CurvePlot } from './curve-plot.tsx';
import { MeanMetrics, PooledMetrics } from './mean-metrics.tsx';
import { ModelCard } from './model-card.tsx';
import { ScoreHistogram } from './score-histogram.tsx';
import { WorstImages } from './worst-images.tsx';

const IMAGES_EACH = 9;
/** Ends of the heatmap's scale as multiples of the bundle's pooled pixel threshold, as the API draws it. */
const SCALE = { low: 0.25, high: 1.25 };

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
        <Notice>This bundle was made by version 0.1 and holds no curves.</Notice>
      ) : (
        <Curves {...{ version, file, thresholds, category }} />
      )}
      <ChecksCard checks={version.manifest.evaluation?.checks ?? []} />
      <Galleries {...{ version, images, thresholds }} />
      <CostCard version={version} />
      <ModelCard markdown={card} href={bundleFileUrl(version.model, version.version, 'card.md')} />
    </div>
  );
}

function Curves({
  version,
  file,
  thresholds,
  category,
}: Pick<ReportViewProps, 'version' | 'thresholds' | 'category'> & { file: EvaluationFile }) {
  const set = (category === null ? undefined : file.categories[category]) ?? file.pooled;
  const { curves } = set;
  const because = (metric: 'imageAuroc' | 'pixelAuroc') =>
    category === null && metric === 'pixelAuroc'
      ? 'pixels are not pooled over categories; choose one'
      : undefinedReason(metric, set);
  const own = category === null ? undefined : thresholds?.categories[category];
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
        threshold={own ?? thresholds?.pooled ?? null}
        whose={own === undefined ? 'the pooled' : 'its own'}
      />
      <div className="grid gap-5 md:grid-cols-2 xl:grid-cols-3">
        <CurvePlot
          title="ROC"
          description="True positive rate, upwards, against the false positive rate."
          x="false positive rate"
          y="True positive rate"
          curves={[
            { ...image, points: curves.imageRoc },
            { ...pixel, points: curves.pixelRoc },
          ]}
        />
        <CurvePlot
          title="Precision and recall"
          description="Precision, upwards, against recall."
          x="recall"
          y="Precision"
          curves={[
            { ...image, points: curves.imagePr },
            { ...pixel, points: curves.pixelPr },
          ]}
        />
        <CurvePlot
          title="Per-region overlap (PRO)"
          description="Mean overlap of the regions, upwards; AUPRO@0.30 is the shaded part."
          x="false positive rate"
          y="Mean overlap"
          limit={0.3}
          curves={[{ ...pixel, label: 'regions', points: curves.pro }]}
        />
      </div>
    </section>
  );
}

function Galleries({
  version,
  images,
  thresholds,
}: Pick<ReportViewProps, 'version' | 'images' | 'thresholds'>) {
  if (!isTrained(version) || thresholds === null) {
    return (
      <Card title="Worst images">
        <p className="text-ink-soft text-sm">
          Imported results have neither thresholds nor a graph that could draw heatmaps.
        </p>
      </Card>
    );
  }
  const hard = hardImages(images, thresholds, IMAGES_EACH);
  const { pixelThreshold } = version.manifest.thresholds.pooled;
  const common = {
    model: version.model,
    version: version.version,
    thresholds,
    scale: { low: SCALE.low * pixelThreshold, high: SCALE.high * pixelThreshold },
  };
  return (
    <>
      <WorstImages
        {...common}
        title="Worst misses"
        description="Anomalous test images that score lowest against their threshold; marked correct, they come nearest to a miss. All heatmaps have the one fixed scale below, never stretched for an image."
        empty="The test split has no anomalous image."
        images={hard.anomalous}
      />
      <WorstImages
        {...common}
        title="Worst false alarms"
        description="Normal test images that score highest against their threshold; marked correct, they come nearest to a false alarm. The scale is the same."
        empty="The test split has no normal image."
        images={hard.normal}
      />
    </>
  );
}
