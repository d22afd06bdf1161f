/** @file Gradients of what takes or puts values by their places: GatherNd, ScatterNd, TopK. */
import {
  add,
  GatherNd,
  type GradConfig,
  gatherND,
  mul,
  range,
  reshape,
  ScatterNd,
  scalar,
  scatterND,
  type Tensor,
  TopK,
} from '@tensorflow/tfjs-core';

export const gatherNdGradient: GradConfig = {
  kernelName: GatherNd,
  inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const [params, indices] = saved as [Tensor, Tensor];
    return { params: () => scatterND(indices, dy as Tensor, params.shape as never) };
  },
};

export const scatterNdGradient: GradConfig = {
  kernelName: ScatterNd,
  inputsToSave: ['indices'],
  gradFunc: (dy, [indices]) => ({ updates: () => gatherND(dy as Tensor, indices as Tensor) }),
};

/** Each of the k values of a row goes back to where it came from; no place is taken twice. */
export const topKGradient: GradConfig = {
  kernelName: TopK,
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dys, saved) => {
    const [x, indices] = saved as [Tensor, Tensor];
    const [dy] = dys as Tensor[];
    const columns = x.shape.at(-1) ?? 1;
    const k = indices.shape.at(-1) ?? 1;
    const rows = indices.size / k;
    return {
      x: () => {
        const starts = mul(range(0, rows, 1, 'int32'), scalar(columns, 'int32'));
        const places = add(reshape(indices, [rows, k]), reshape(starts, [rows, 1]));
        const flat = scatterND(reshape(places, [rows * k, 1]), reshape(dy as Tensor, [rows * k]), [
          rows * columns,
        ] as never);
        return reshape(flat, x.shape);
      },
    };
  },
};
