/** @file One image of a batch: its result, or why it has none. */
import {
  type BatchOrder,
  type BatchResult,
  DomainError,
  POOLED,
  type ThresholdProfileVersion,
  toErrorBody,
} from '@plumbline/contracts';
import { LostRequest } from '@plumbline/runtime';
import type { Services } from '../context.ts';
import { judgeImage } from '../inference/predict.ts';
import type { BatchImage } from './batch-images.ts';

export interface BatchContext extends Services {
  /** Of the batch. */
  readonly id: string;
  readonly order: BatchOrder;
  /** Those of the batch, whatever serves by now. */
  readonly thresholds: ThresholdProfileVersion;
}

/**
 * When it is quiet.
 * @throws what is not the image's fault: the database is away, no inference process starts, the version is gone
 */
export async function inspectOne(
  context: BatchContext,
  image: BatchImage,
  signal: AbortSignal,
): Promise<BatchResult> {
  const { id, order } = context;
  try {
    const bytes = await image.read();
    const { judgment } = await context.gates.inspections.runAside(
      () => judge(context, image, bytes, { heatmap: false, regions: order.regions }),
      signal,
    );
    const { heatmap: _, mask: __, ...prediction } = judgment;
    const heatmap = `/v1/batches/${id}/heatmaps/${image.position}`;
    return { image: image.path, ...prediction, heatmap, error: null };
  } catch (error) {
    if (signal.aborted || !isOfTheImage(error)) throw error;
    return { image: image.path, heatmap: null, error: toErrorBody(error) };
  }
}

/** The heatmap of an image that has a result: PNG bytes. @throws DomainError NOT_FOUND for one that could not be inspected */
export async function heatmapOf(
  context: BatchContext,
  image: BatchImage,
  result: BatchResult,
): Promise<Uint8Array> {
  if (result.error !== null)
    throw new DomainError('NOT_FOUND', `${result.image} could not be inspected.`, {
      fix: `There is no heatmap of it. ${result.error.message}`,
    });
  const bytes = await image.read();
  const named = { ...image, category: result.category ?? POOLED };
  const { judgment } = await context.gates.heatmaps.run(() =>
    judge(context, named, bytes, { heatmap: true, regions: false }),
  );
  return Buffer.from(judgment.heatmap ?? '', 'base64');
}

function judge(
  context: BatchContext,
  { category, range }: BatchImage,
  bytes: Uint8Array,
  wanted: { readonly heatmap: boolean; readonly regions: boolean },
) {
  const { order, thresholds } = context;
  const input = {
    ...{ name: order.model, selector: order.version, thresholds, category, range, ...wanted },
    mask: false,
    arrivedAt: performance.now(),
  };
  return judgeImage(context, input, bytes);
}

function isOfTheImage(error: unknown): boolean {
  // It ended the process that computed it, or took too long.
  if (error instanceof LostRequest) return error.isSuspect;
  if (!(error instanceof DomainError)) return false;
  if (error.code === 'UNAVAILABLE') return error.file === 'image';
  return OF_THE_IMAGE.includes(error.code);
}

/** A damaged or missing blob among them; a version that is gone is found out before (`runBatch`). */
const OF_THE_IMAGE: readonly string[] = [
  'INVALID_INPUT',
  'TOO_LARGE',
  'UNSUPPORTED',
  'DEFECT',
  'NOT_FOUND',
];
