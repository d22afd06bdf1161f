/** @file Reshape with the batch left open. */
import { int64 } from '../../onnx/index.ts';
import { CannotRecordError } from '../cannot-record-error.ts';
import type { KernelRecording } from '../recording-backend.ts';

/** The one size that is a multiple of the placeholder becomes -1. */
export function reshapeValue(r: KernelRecording, name: string, shape: readonly number[]): string {
  const placeholder = r.batchPlaceholder;
  const open =
    placeholder === null ? [] : shape.filter((size) => size !== 0 && size % placeholder === 0);
  if (open.length > 1) {
    throw new CannotRecordError(
      `a reshape to [${shape.join()}]`,
      'more than one of its sizes depends on the batch',
    );
  }
  const target = shape.map((size) => (open.length === 1 && size === open[0] ? -1 : size));
  return r.builder.op('Reshape', [name, r.builder.constant(int64(target))]);
}
