/** @file The decoder's parameters. Filters are `[kh, kw, in, out]`, TensorFlow.js' order. */
import type { Initializer, ParameterSpec } from '../nn/parameters.ts';
import { DECODER, type DecoderConfig } from './config.ts';

/** Kaiming uniform for ReLU (He et al. 2015): U(±√(6/fan-in)). */
function kaiming(side: number, inputs: number): Initializer {
  return { kind: 'uniform', bound: Math.sqrt(6 / (side * side * inputs)) };
}

function filterSpec(
  name: string,
  [side, inputs, outputs]: readonly [number, number, number],
  initializer: Initializer = kaiming(side, inputs),
): ParameterSpec[] {
  return [
    { name: `${name}.filter`, shape: [side, side, inputs, outputs], initializer },
    { name: `${name}.bias`, shape: [outputs], initializer: { kind: 'zeros' } },
  ];
}

/** All parameters, in packing order. What ends a residual, and the picture, starts at zero. */
export function decoderParameters({ levels }: DecoderConfig): ParameterSpec[] {
  const [coarse, fine] = DECODER.widths;
  const zeros: Initializer = { kind: 'zeros' };
  return [
    ...levels.flatMap(({ channels }, level) => filterSpec(`level${level}`, [1, channels, coarse])),
    ...filterSpec('body.0', [3, coarse, coarse]),
    ...filterSpec('body.1', [3, coarse, coarse], zeros),
    ...filterSpec('up.0', [3, coarse, 4 * fine]),
    ...filterSpec('fine', [3, fine, fine], zeros),
    ...filterSpec('up.1', [3, fine, 4 * 3], zeros),
  ];
}
