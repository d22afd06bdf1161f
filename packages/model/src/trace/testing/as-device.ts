/** @file Graphs that are recorded for a device, run by the processor: what they compute needs no card to be checked. */
import type { Executor } from '@plumbline/contracts';

/** The same executor under the name of a device. */
export function asDevice(executor: Executor): Executor {
  return {
    provider: 'webgpu',
    load: (model) => executor.load(model),
    loadStateful: (model, links, start) => executor.loadStateful(model, links, start),
  };
}
