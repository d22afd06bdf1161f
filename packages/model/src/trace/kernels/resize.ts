/**
 * @file Resizing of `[N, H, W, C]`. Each direction is a product with a constant matrix `[new size, old size]` whose rows
 * say what an output pixel is made of, so that the gradient is the product with its transpose, exactly.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { float32 } from '../../onnx/index.ts';
import { type Attributes, type KernelRecording, recordKernel } from '../recording-backend.ts';
import { shape4 } from './nhwc.ts';
import { reshapeValue } from './reshape-value.ts';

type Kind = 'bilinear' | 'nearest';

interface Placement {
  readonly kind: Kind;
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Row-major `[to, from]`, as TensorFlow.js' CPU backend places pixels. */
function resizeMatrix(from: number, to: number, placement: Placement): Float32Array {
  const { kind, alignCorners, halfPixelCenters } = placement;
  const aligned = alignCorners && to > 1;
  const ratio = (aligned ? from - 1 : from) / (aligned ? to - 1 : to);
  const matrix = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    if (kind === 'nearest') {
      const at = ratio * (halfPixelCenters ? row + 0.5 : row);
      const nearest = Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at));
      matrix[row * from + Math.max(0, nearest)] = 1;
      continue;
    }
    const at = halfPixelCenters ? ratio * (row + 0.5) - 0.5 : ratio * row;
    const below = Math.max(0, Math.floor(at));
    const above = Math.min(from - 1, Math.ceil(at));
    matrix[row * from + below]! += 1 - (at - below);
    matrix[row * from + above]! += at - below;
  }
  return matrix;
}

function placementOf(kind: Kind, attributes: Attributes): Placement {
  return {
    kind,
    alignCorners: attributes['alignCorners'] === true,
    halfPixelCenters: attributes['halfPixelCenters'] === true,
  };
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = matrix[row * columns + column]!;
  return result;
}

/** Along one axis from `from` to `to` pixels, or, for the gradient, with the transpose of the resizing `to` → `from`. */
function axisMatrix(
  r: KernelRecording,
  [from, to]: readonly [number, number],
  placement: Placement,
  gradient: boolean,
): string {
  const matrix = gradient
    ? transposed(resizeMatrix(to, from, placement), from, to)
    : resizeMatrix(from, to, placement);
  return r.builder.constant(float32([to, from], matrix));
}

/** `[N, H, W, C]` to `[N, height, width, C]`. */
function resize(
  r: KernelRecording,
  x: TensorInfo,
  [height, width]: readonly [number, number],
  placement: Placement,
  gradient: boolean,
): TensorInfo {
  const [n, h, w, c] = shape4(x);
  const rows = reshapeValue(r, r.value(x), [n, h, w * c]);
  const tall = r.builder.op('MatMul', [axisMatrix(r, [h, height], placement, gradient), rows]);
  const columns = reshapeValue(r, tall, [n * height, w, c]);
  const wide = r.builder.op('MatMul', [axisMatrix(r, [w, width], placement, gradient), columns]);
  const shape = [n, height, width, c];
  return r.tensor(reshapeValue(r, wide, shape), shape, 'float32');
}

export function registerResizing(): void {
  const kinds = { ResizeBilinear: 'bilinear', ResizeNearestNeighbor: 'nearest' } as const;
  for (const [kernel, kind] of Object.entries(kinds)) {
    recordKernel(kernel, (r, { images }, attributes) =>
      resize(
        r,
        images as TensorInfo,
        attributes['size'] as [number, number],
        placementOf(kind, attributes),
        false,
      ),
    );
    recordKernel(`${kernel}Grad`, (r, { images, dy }, attributes) => {
      const [, height, width] = shape4(images as TensorInfo);
      return resize(r, dy as TensorInfo, [height, width], placementOf(kind, attributes), true);
    });
  }
}
