/** @file A dataset version in words. */
import {
  type DatasetDetail,
  formatValueRange,
  ignoredShare,
  imageSizeWords,
} from '@plumbline/contracts';
import { megabytes, table } from './output.ts';

export function describeDataset(dataset: DatasetDetail): string {
  const { report, provenance } = dataset;
  const { license, source } = provenance;
  const categories = table(
    ['category', 'train', 'test normal', 'test anomalous', 'masks', 'pixels'],
    report.categories.map((c) => [
      c.name,
      c.train,
      c.testNormal,
      c.testAnomalous,
      c.masks,
      imageSizeWords(c),
    ]),
  );
  const ranges = report.categories.flatMap(({ name, range }) =>
    range === undefined
      ? []
      : [`${name}: more than 8 bits, black to white is ${formatValueRange(range)}.`],
  );
  const ignored = (dataset.ignore ?? []).map(
    ({ category, polygons }) =>
      `${category}: ${(100 * ignoredShare(polygons)).toFixed(1)} % of each image is ignored, in ${polygons.length} ${polygons.length === 1 ? 'region' : 'regions'}.`,
  );
  const warnings = report.warnings.map((warning) => `Note: ${warning.message}`);
  return [
    `${dataset.name} ${dataset.datasetVersion}: ${dataset.images} images, ${megabytes(dataset.bytes)}`,
    ...(license === null ? [] : [`License: ${license}`]),
    ...(source === null ? [] : [`Source: ${source}`]),
    categories,
    ...ranges,
    ...ignored,
    ...warnings,
  ].join('\n');
}
