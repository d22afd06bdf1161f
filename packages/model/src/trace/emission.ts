/**
 * @file What a graph is recorded for. Some operations have several forms that compute the same: a processor sums the
 * rows of a matrix fastest as a product with ones, on a graphics card such a product is as slow as a large one. Where
 * such a form is chosen, it is chosen by this.
 */

/** A processor, or a device with thousands of threads: a graphics card. */
export type EmissionTarget = 'processor' | 'device';

let current: EmissionTarget = 'processor';

/** Whether the trace in progress is for a device. Outside of traces it is not: TensorFlow.js itself computes there. */
export function emitsForDevice(): boolean {
  return current === 'device';
}

/** Runs `record` for a target. */
export function recordedFor<T>(target: EmissionTarget, record: () => T): T {
  const before = current;
  current = target;
  try {
    return record();
  } finally {
    current = before;
  }
}

const DEVICES: ReadonlySet<string> = new Set(['webgpu', 'cuda']);

/** What an execution provider of onnxruntime computes on. */
export function targetOf(provider: string): EmissionTarget {
  return DEVICES.has(provider) ? 'device' : 'processor';
}
