/**
 * @file Where published numbers were read, under which protocol they came about, and what of them may be set beside
 * Plumbline's at 256 px.
 */
import type { Comparability, Protocol, PublishedSource } from '@plumbline/contracts';
import { ADER_PROTOCOL, DINOMALY_PROTOCOL } from '../protocol/named-protocols.ts';

type MetricNames = Comparability['metrics'];

const IMAGE: MetricNames = ['imageAuroc', 'imageAp', 'imageF1Max'];
const PIXEL: MetricNames = ['pixelAuroc', 'pixelAp', 'pixelF1Max', 'aupro30'];

const ADER: Comparability[] = [
  {
    metrics: IMAGE,
    verdict: 'close',
    why: 'Exact, over the same images at the same size, and for most methods from the maximum of a map smoothed alike; resize filters differ, and UniAD averages 16 × 16 px in place of smoothing.',
  },
  {
    metrics: ['pixelAuroc', 'aupro30'],
    verdict: 'with care',
    why: 'Their maps are smoothed and their masks are resized bilinearly; ours are compared as the method gives them, with masks by nearest neighbor.',
  },
  {
    metrics: ['pixelAp'],
    verdict: 'with care',
    why: 'Theirs is the trapezoid rule over a histogram of a smoothed map, ours the exact step definition.',
  },
  {
    metrics: ['pixelF1Max', 'pixelIouMax'],
    verdict: 'not',
    why: 'Theirs is over 21 thresholds of a map stretched to its own minimum and maximum, which underestimates; ours is over every distinct score.',
  },
];

const DINOMALY: Comparability[] = [
  {
    metrics: IMAGE,
    verdict: 'with care',
    why: 'Defects at the border are cropped away with 23 % of the area, at a higher resolution, and the image score is the mean of the highest 1 % of the map.',
  },
  {
    metrics: ['pixelAuroc', 'pixelAp', 'pixelF1Max'],
    verdict: 'with care',
    why: 'Exact as ours, but over a cropped and smoothed map, and over masks that the resize thickens.',
  },
  {
    metrics: ['aupro30'],
    verdict: 'not',
    why: 'Theirs sweeps 200 thresholds and divides by the largest false positive rate below the limit; ours is exact and interpolated at 0.30.',
  },
];

const UNKNOWN: Comparability[] = [
  {
    metrics: [...IMAGE, ...PIXEL],
    verdict: 'unknown',
    why: 'The source as read does not state resize, crop, smoothing, image score and metric code together; each moves results by more than methods differ.',
  },
];

const BEST_ON_TEST: Protocol = {
  ...DINOMALY_PROTOCOL,
  name: 'dinomaly-392-best-epoch',
  epochRule: 'best epoch on the test split',
};

/** On MVTec LOCO the benchmark read only the first of the several masks of an image. */
const ADER_LOCO: Comparability[] = [
  ...ADER.filter(({ metrics }) => metrics === IMAGE),
  {
    metrics: [...PIXEL, 'pixelIouMax'],
    verdict: 'not',
    why: 'Only the first mask of an image was read, so most anomalous pixels count as normal.',
  },
];

/** A source, and what is different about it on single standard datasets. */
interface Source extends PublishedSource {
  readonly on?: Readonly<Record<string, Pick<PublishedSource, 'remarks' | 'comparability'>>>;
}

/** The sources as they are on a standard dataset. */
export function sourcesOn(standard: string): PublishedSource[] {
  return SOURCES.map(({ on, ...source }) => {
    const own = on?.[standard];
    if (own === undefined) return source;
    return { ...source, ...own, remarks: [...source.remarks, ...own.remarks] };
  });
}

const SOURCES: readonly Source[] = [
  {
    id: 'ader-log',
    title: 'ADer benchmark, training logs',
    reference:
      'Raw logs of the authors, zhangzjn/data at 12360da, folder ader_log; arXiv 2406.03262',
    protocol: ADER_PROTOCOL,
    remarks: [
      'One model for all categories; one seed. Single categories swing by tens of points: RD4AD has 40.6 on bottle after 100 epochs.',
      'The rows that the logs call DRAEM are left out: their network never saw a synthetic defect (the runs loaded the plain data set), so they are not DRAEM.',
    ],
    comparability: ADER,
    on: {
      'mvtec-loco': {
        remarks: ['MVTec LOCO: only its image metrics mean anything, see below.'],
        comparability: ADER_LOCO,
      },
    },
  },
  {
    id: 'ader-readme',
    title: 'ADer benchmark, README',
    reference: 'README of zhangzjn/ADer at 902937a; an implementation from outside the benchmark',
    protocol: null,
    remarks: [],
    comparability: UNKNOWN,
  },
  {
    id: 'mambaad-inpformer',
    title: 'MambaAD and INP-Former, READMEs',
    reference:
      'Table images in the README of lewandofskee/MambaAD at 0434452 and Table 2 in the README of luow23/INP-Former at 17d2653, which agree on these rows',
    protocol: null,
    remarks: [
      'Collected by the authors of both from several evaluators. Some per-category cells for UniAD in the MambaAD appendix are known to be wrong; the means here are those of the README.',
    ],
    comparability: UNKNOWN,
  },
  {
    id: 'inpformer',
    title: 'INP-Former, README',
    reference: 'README of luow23/INP-Former at 17d2653, Table 2 and the super-multi-class table',
    protocol: DINOMALY_PROTOCOL,
    remarks: [],
    comparability: DINOMALY,
  },
  {
    id: 'inpformer-quoted',
    title: 'INP-Former, README, rows of other methods',
    reference: 'README of luow23/INP-Former at 17d2653, Table 2 and the super-multi-class table',
    protocol: null,
    remarks: ['Results of Dinomaly as the authors of INP-Former quote them.'],
    comparability: UNKNOWN,
  },
  {
    id: 'inpformer-40',
    title: 'INP-Former, re-run by an outsider',
    reference: 'Issue 40 of luow23/INP-Former',
    protocol: DINOMALY_PROTOCOL,
    remarks: ['Below the README of the same repository in six of seven metrics.'],
    comparability: DINOMALY,
  },
  {
    id: 'dinomaly',
    title: 'Dinomaly, README',
    reference: 'README of guojiajeremy/Dinomaly at c5c76d0',
    protocol: DINOMALY_PROTOCOL,
    remarks: [],
    comparability: DINOMALY,
  },
  {
    id: 'dinomaly-v3',
    title: 'Dinomaly with DINOv3, README',
    reference: 'README of guojiajeremy/Dinomaly at c5c76d0',
    protocol: null,
    remarks: ['Another backbone than the released settings have; its input size is not stated.'],
    comparability: UNKNOWN,
  },
  {
    id: 'dinomaly-dinov3',
    title: 'Dinomaly with DINOv3, logs of a fork',
    reference: 'Logs in the README of cnulab/Dinomaly at 9535c38',
    protocol: null,
    remarks: ['Another backbone in a fork of Dinomaly; its input size was not read.'],
    comparability: UNKNOWN,
  },
  {
    id: 'costfilter',
    title: 'CostFilter-AD, README',
    reference: 'README and logs of ZHE-SAPI/CostFilter-AD at d83ba77',
    protocol: BEST_ON_TEST,
    remarks: [
      '“We report metrics corresponding to the best epoch”, chosen on the test split: an optimistic bound.',
      'Needs textures from outside for synthetic defects.',
    ],
    comparability: DINOMALY.map((one) =>
      one.verdict === 'not'
        ? one
        : {
            ...one,
            verdict: 'not',
            why: `The epoch was chosen on the test split, ours never is. ${one.why}`,
          },
    ),
  },
  {
    id: 'costfilter-hvq',
    title: 'CostFilter-AD, README, rows of HVQ-Trans',
    reference: 'README and logs of ZHE-SAPI/CostFilter-AD at d83ba77',
    protocol: null,
    remarks: [
      '“We report metrics corresponding to the best epoch”, chosen on the test split: an optimistic bound.',
      'Resize, crop and smoothing are those of HVQ-Trans, which were not read.',
    ],
    comparability: [
      {
        metrics: [...IMAGE, ...PIXEL],
        verdict: 'not',
        why: 'The epoch was chosen on the test split, ours never is; and the source does not state resize, crop and smoothing.',
      },
    ],
  },
  {
    id: 'mvmcad',
    title: 'MVMCAD',
    reference: 'arXiv 2504.21294',
    protocol: null,
    remarks: ['Sees all five views of a Real-IAD sample together; the others score each image.'],
    comparability: UNKNOWN,
  },
  {
    id: 'onenip',
    title: 'OneNIP, README',
    reference: 'README of gaobb/OneNIP at e93dec5; ECCV 2024',
    protocol: null,
    remarks: ['The image size is the variant.'],
    comparability: UNKNOWN,
  },
  {
    id: 'vqflow',
    title: 'VQ-Flow',
    reference: 'Abstract of arXiv 2409.00942 and README of cool-xuan/vqflow at 02257e9',
    protocol: null,
    remarks: [],
    comparability: UNKNOWN,
  },
  {
    id: 'rad',
    title: 'RAD',
    reference: 'Abstract of arXiv 2601.22763',
    protocol: null,
    remarks: [],
    comparability: UNKNOWN,
  },
];
