/** @file What the form of a batch holds, and what it asks for. */
import type { BatchSource, Split, StartBatchRequest } from '@plumbline/contracts';
import type { PickedFiles } from '~/components/uploads/picked-files.ts';

export interface BatchChoice {
  readonly models: readonly {
    readonly name: string;
    readonly promotedVersion: number | null;
    readonly dataset: string;
  }[];
  readonly datasets: readonly string[];
  /** Chosen at first. */
  readonly model: string;
  /** Of that model, by the address; null: the promoted one. */
  readonly version: number | null;
}

export interface BatchDraft {
  readonly kind: BatchSource['kind'];
  readonly model: string;
  readonly dataset: string;
  /** Empty: all. */
  readonly split: Split | '';
  /** Empty: all. */
  readonly category: string;
  readonly regions: boolean;
  readonly picked: PickedFiles | null;
}

/** The images that a model was tested on are what it is mostly looked at with. */
export function firstDraft({ models, datasets, model }: BatchChoice): BatchDraft {
  const own = models.find(({ name }) => name === model)?.dataset;
  const dataset = datasets.find((name) => name === own) ?? datasets[0] ?? '';
  return {
    ...{ kind: dataset === '' ? 'upload' : 'dataset', model, dataset, split: 'test' },
    ...{ category: '', regions: false, picked: null },
  };
}

/** Null where something is missing. */
export function isReady({ kind, dataset, picked }: BatchDraft): boolean {
  return kind === 'dataset' ? dataset !== '' : picked !== null;
}

export function datasetSource({ dataset, split, category }: BatchDraft): BatchSource {
  return {
    ...{ kind: 'dataset', name: dataset },
    ...(split === '' ? {} : { split }),
    ...(category === '' ? {} : { category }),
  };
}

/** The version of the address counts for its model alone. */
export function batchInput(
  { model, regions }: BatchDraft,
  { model: named, version }: BatchChoice,
  source: BatchSource,
): StartBatchRequest {
  const isNamed = version !== null && model === named;
  return { model, regions, source, ...(isNamed ? { version } : {}) };
}
