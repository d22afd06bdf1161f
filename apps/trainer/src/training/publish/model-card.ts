/** @file `card.md`: what a person should know before trusting a model. Holds no time stamps, so that equal runs give equal cards. */
import {
  ALL_METRIC_NAMES,
  backboneLabel,
  CORE_METRIC_NAMES,
  definedOver,
  describeCoverage,
  type EvaluationFile,
  formatValueRange,
  type Interval,
  ignoredNotes,
  intervalWords,
  keptRegionsNote,
  lookUp,
  METRICS,
  pixelErrorNotes,
  type TestImageCounts,
  type TrainingScores,
  undefinedReason,
} from '@plumbline/contracts';
import { categories } from './card-categories.ts';
import { standingOut, thresholds } from './card-thresholds.ts';
import type { UnsignedManifest } from './unsigned-manifest.ts';

export interface CardFacts {
  /** Null for imported results. */
  readonly modelBytes: number | null;
  readonly trainingScores: TrainingScores | null;
}

export function modelCard(
  manifest: UnsignedManifest,
  evaluation: EvaluationFile,
  { modelBytes, trainingScores }: CardFacts,
): string {
  const isExternal = manifest.kind === 'external';
  return [
    `# ${manifest.model}`,
    isExternal ? externalIntroduction(manifest) : trainedIntroduction(manifest),
    ['## Intended use', intendedUse(manifest)].join('\n\n'),
    ...addedImages(manifest),
    ['## Data', data(manifest, evaluation)].join('\n\n'),
    ['## Protocol', protocol(manifest)].join('\n\n'),
    ['## Results on the test split', results(manifest, evaluation)].join('\n\n'),
    ['## Thresholds', thresholds(manifest)].join('\n\n'),
    ...standingOut(manifest, trainingScores),
    ['## Categories', categories(manifest)].join('\n\n'),
    ['## Checks', checks(manifest)].join('\n\n'),
    ['## Cost', cost(manifest, modelBytes)].join('\n\n'),
    ['## Limits', limits(manifest)].join('\n\n'),
    ['## Lineage', lineage(manifest)].join('\n\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

type External = Extract<UnsignedManifest, { kind: 'external' }>;
type Trained = Exclude<UnsignedManifest, { kind: 'external' }>;

function trainedIntroduction({ method, preset, backbone, seed }: Trained): string {
  return `Multi-class visual anomaly detection by ${method}, preset ${preset}, backbone ${backboneLabel(backbone)} (${backbone.featureTaps.join(', ')}), seed ${seed}.`;
}

function externalIntroduction({ method, external, seed }: External): string {
  const note = external.note === '' ? '' : ` ${external.note}`;
  return `Results of an external model (${method}, seed ${seed}), imported from ${external.source} and evaluated here. There is no model in this bundle.${note}`;
}

function intendedUse(manifest: UnsignedManifest): string {
  const names = Object.keys(manifest.categories).sort().join(', ');
  if (manifest.kind === 'external')
    return `To compare with models that were trained here, on the categories ${names}.`;
  return [
    `To point out images and regions that depart from normal images of these categories: ${names}.`,
    'A person decides about them. Images must be taken as those of the dataset were.',
    'Not for categories it was not trained on, and not for decisions without a person where safety depends on them.',
  ].join(' ');
}

function data(manifest: UnsignedManifest, { categories }: EvaluationFile): string {
  const { lineage, kind } = manifest;
  const how = kind === 'external' ? 'Evaluated on' : 'Trained on normal images of';
  const seen = kind === 'external' ? '' : ` ${describeCoverage(manifest.coverage ?? [])}`.trimEnd();
  const rows = Object.entries(categories).map(([name, set]) => {
    const types = Object.entries(set.defectTypes).map(([type, count]) => `${type} ${count}`);
    return `| ${name} | ${set.normal} | ${set.anomalous} | ${set.masks} | ${types.join(', ')} |`;
  });
  return [
    `${how} the dataset ${lineage.dataset} ${lineage.datasetVersion} (SHA-256 ${lineage.datasetHash}).${seen} Test images:`,
    [
      '| category | normal | anomalous | with mask | defect types |',
      '|---|--:|--:|--:|---|',
      ...rows,
    ].join('\n'),
    ...provenance(manifest),
  ].join('\n\n');
}

function provenance({ provenance: said }: UnsignedManifest): string[] {
  if (said === undefined) return [];
  const { license, source } = said;
  return [
    `License of the images: ${license === null ? 'not stated' : literal(license)}. Source: ${source === null ? 'not stated' : literal(source)}.`,
  ];
}

/** What somebody wrote, as they wrote it: no Markdown of its own. */
function literal(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}

/** Of a version that goes on from another. */
function addedImages(manifest: UnsignedManifest): string[] {
  if (manifest.kind === 'external' || manifest.extension === undefined) return [];
  const { parent, from, fromVersion, added, addedBefore, evaluated } = manifest.extension;
  const before =
    addedBefore.length === 0 ? '' : ` ${addedBefore.length} had been added to that before.`;
  const results = evaluated
    ? 'The results below are its own.'
    : 'It was not evaluated, so the results below are undefined.';
  return [
    [
      '## Added images',
      `This is version ${parent} with ${added.length} normal images of the dataset ${from} ${fromVersion} added, without fitting again.${before} Thresholds come from all of them. ${results}`,
      added.map(({ path, category }) => `- ${category}: ${path}`).join('\n'),
    ].join('\n\n'),
  ];
}

function protocol({ protocol: one }: UnsignedManifest): string {
  return [
    `- name: ${one.name}`,
    one.tiles === 'none'
      ? `- resize: to ${one.imageSizePx} px, ${one.resize}`
      : `- resize: ${one.resize}`,
    ...(one.tiles === 'none' ? [] : [`- tiles: ${one.tiles}`]),
    `- image score: ${one.imageScoreRule}`,
    `- pixel score: ${one.pixelScoreRule}`,
    `- mask: ${one.maskRule}`,
    ...(one.tiles === 'none' ? [`- evaluated at ${one.evaluationSizePx} px`] : []),
    `- weights: ${one.epochRule}`,
    `- mean: ${one.mean}`,
  ].join('\n');
}

function results(manifest: UnsignedManifest, file: EvaluationFile): string {
  const { categories, mean, evaluation: report } = manifest;
  const total = Object.keys(categories).length;
  const row = (name: string, cells: readonly string[]) => `| ${name} | ${cells.join(' | ')} |`;
  const meanRows = ALL_METRIC_NAMES.map((metric) =>
    row(METRICS[metric].short, [
      percent(mean[metric]),
      interval(report?.intervals.mean[metric]),
      `${definedOver(categories, metric)} of ${total}`,
    ]),
  );
  const categoryRows = Object.entries(categories).map(([name, metrics]) =>
    row(
      name,
      CORE_METRIC_NAMES.map((metric) =>
        metrics[metric] === null
          ? `undefined: ${undefinedReason(manifest, metric, countsIn(file, name))}`
          : percent(metrics[metric]),
      ),
    ),
  );
  const confidence = report ? `${report.intervals.confidence * 100} % interval` : 'interval';
  return [
    `In percent. ${report ? intervalWords(report.intervals) : ''}`,
    [`| mean of | value | ${confidence} | categories |`, '|---|--:|--:|--:|', ...meanRows].join(
      '\n',
    ),
    [
      `| category | ${CORE_METRIC_NAMES.map((metric) => METRICS[metric].short).join(' | ')} |`,
      `|---|${CORE_METRIC_NAMES.map(() => '--:|').join('')}`,
      ...categoryRows,
    ].join('\n'),
    pooledWords(manifest),
    ...[manifest.evaluation && keptRegionsNote(manifest.evaluation)].filter(Boolean),
    ...ignoredNotes(manifest.ignore),
    ...pixelErrorNotes(manifest),
  ].join('\n\n');
}

function countsIn(file: EvaluationFile, category: string): TestImageCounts {
  const { normal = 0, anomalous = 0 } = lookUp(file.categories, category) ?? {};
  return { category, normal, anomalous };
}

function pooledWords({ evaluation }: UnsignedManifest): string {
  if (evaluation === undefined) return '';
  const { pooled } = evaluation;
  return [
    `All categories ranked together: image AUROC ${percent(pooled.imageAuroc)}, AP ${percent(pooled.imageAp)}, F1-max ${percent(pooled.imageF1Max)}.`,
    `Calibration gap ${percent(pooled.calibrationGap)}: the mean F1 of the categories is lower by this much at the one threshold that is best for all than at each category's own best.`,
  ].join(' ');
}

function checks({ evaluation }: UnsignedManifest): string {
  if (evaluation === undefined || evaluation.checks.length === 0) return 'None was made.';
  return evaluation.checks
    .map((check) => `- ${check.name}: ${check.status}. ${check.message}`)
    .join('\n');
}

function cost(manifest: UnsignedManifest, modelBytes: number | null): string {
  if (manifest.kind === 'external' || modelBytes === null) return 'Not known.';
  return `\`model.onnx\` has ${modelBytes} bytes. Latency and training time are measurements, not properties of the model: with their hardware they are in \`manifest.json\`.`;
}

function limits(manifest: UnsignedManifest): string {
  const common = [
    '- Metrics hold for the test images of this dataset version and protocol; numbers under another protocol are not comparable.',
    '- F1-max and IoU-max pick their threshold on the test split, as their definition says: they are upper bounds.',
  ];
  if (manifest.kind === 'external') {
    return [
      ...common,
      `- Whoever imported the scores stated that they were made as ${manifest.protocol.name} says; that can't be checked here.`,
      ...(manifest.external.mapsResized === null
        ? []
        : [`- Maps were resized bilinearly from ${manifest.external.mapsResized}.`]),
      ...(manifest.external.format === 'png'
        ? ['- Maps were given as integers: pixel metrics are exact up to that quantization.']
        : []),
    ].join('\n');
  }
  return [
    ...common,
    '- A defect smaller than a few pixels at the evaluation size may not be seen at all.',
    ...rangeLines(manifest),
    `- Input: \`${manifest.graph.input.name}\`, uint8 \`[N, H, W, 3]\`, RGB, any size. Outputs: \`${manifest.graph.anomalyMap.name}\` and \`${manifest.graph.imageScore.name}\`, on the method's own scale, not rescaled; the category is found by \`category_descriptor\`.`,
  ].join('\n');
}

/** What pixels of more than 8 bits were taken for, and are taken for by `predict`. */
function rangeLines({ ranges = [] }: Trained): string[] {
  if (ranges.length === 0)
    return [
      '- Images with more than 8 bits: none in training, so `predict` asks for their range of values.',
    ];
  const words = ranges.map(({ category, range }) => `${category} ${formatValueRange(range)}`);
  return [
    `- Images with more than 8 bits are converted to 8 with these values for black and white: ${words.join(', ')}.`,
  ];
}

function lineage(manifest: UnsignedManifest): string {
  const common = [
    `- dataset version: ${manifest.lineage.datasetVersion}`,
    `- code: ${manifest.lineage.codeVersion}`,
  ];
  if (manifest.kind === 'external')
    return [...common, `- scores and maps: SHA-256 ${manifest.external.sha256}`].join('\n');
  const { backbone, method, preset, seed } = manifest;
  return [
    ...common,
    `- method and preset: ${method}, ${preset}; seed ${seed}`,
    `- backbone: ${backboneLabel(backbone)}, SHA-256 ${backbone.sha256}`,
    ...precisionLines(backbone),
    `- export: at most ${Math.max(manifest.parity.imageScoreRelative, manifest.parity.anomalyMapRelative).toExponential(1)} from the trained network, on ${manifest.parity.images} images`,
  ].join('\n');
}

function precisionLines({ calibration, precision }: Trained['backbone']): string[] {
  if (precision === 'float16')
    return ['- precision: the weights of the backbone are stored as float16; float32 in computing'];
  if (calibration === undefined) return [];
  return [
    `- precision: int8 in the backbone, its ranges measured on ${calibration.images.length} training images (\`manifest.json\` names them); float32 after it`,
  ];
}

function percent(value: number | null): string {
  return value === null ? 'undefined' : (value * 100).toFixed(1);
}

function interval(of: Interval | undefined): string {
  if (of === undefined) return '–';
  return of === null ? 'undefined' : `${percent(of.low)} to ${percent(of.high)}`;
}
