/** @file Datasets and their samples, as stored. */
import type {
  DatasetDetail,
  DatasetSummary,
  ListSamplesInput,
  SamplePage,
} from '@plumbline/contracts';
import type { Context } from '../context.ts';

export function listDatasets(context: Context): Promise<DatasetSummary[]> {
  return context.database.datasets.list();
}

/** @throws DomainError NOT_FOUND */
export function getDataset(context: Context, name: string): Promise<DatasetDetail> {
  return context.database.datasets.get(name);
}

/** @throws DomainError NOT_FOUND */
export function listSamples(context: Context, input: ListSamplesInput): Promise<SamplePage> {
  return context.database.datasets.samples(input);
}
