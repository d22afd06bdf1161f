import { reshape, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { decodeModelProto } from '../../onnx/index.ts';
import { recordedFor, trace } from '../index.ts';
import { refine } from './merged-transpose.ts';

describe('the common refinement of two shapes', () => {
  it('divides the axes of both', () => {
    expect(refine([8, 6], [2, 4, 6])).toEqual({
      ...{ sizes: [2, 4, 6], first: [[0, 1], [2]], second: [[0], [1], [2]] },
    });
    expect(refine([4, 6], [8, 3])).toEqual({
      ...{ sizes: [4, 2, 3], first: [[0], [1, 2]], second: [[0, 1], [2]] },
    });
  });

  it('has nothing of an axis of 1', () => {
    expect(refine([1, 5], [5, 1, 1])).toEqual({
      ...{ sizes: [5], first: [[], [0]], second: [[0], [], []] },
    });
  });

  it('is missing where axes overlap', () => {
    expect(refine([2, 3], [3, 2])).toBeNull();
  });
});

describe('a transposition of a reshaped transposition', () => {
  const operators = (body: (x: Tensor) => Tensor, target: 'processor' | 'device') => {
    const inputs = { x: { shape: [2, 3, 4, 5] } };
    const graph = recordedFor(target, () =>
      trace({ name: 'x', inputs }, ({ x }) => ({ y: body(x as Tensor) })),
    );
    return decodeModelProto(graph).graph.node.map(({ op_type }) => op_type);
  };
  const headsThenSwap = (x: Tensor) =>
    transpose(reshape(transpose(x, [2, 0, 1, 3]), [8, 1, 3, 5]), [0, 1, 3, 2]);

  it('is one for a device, two for a processor', () => {
    const count = (target: 'processor' | 'device') =>
      operators(headsThenSwap, target).filter((op) => op === 'Transpose').length;
    expect([count('processor'), count('device')]).toEqual([2, 1]);
  });

  it('is none where it is undone', () => {
    const undone = (x: Tensor) =>
      transpose(reshape(transpose(x, [1, 2, 0, 3]), [12, 2, 5]), [1, 0, 2]);
    expect(operators(undone, 'device')).not.toContain('Transpose');
  });

  it('stays two where the shapes have nothing in common', () => {
    const mixed = (x: Tensor) => transpose(reshape(transpose(x, [3, 2, 1, 0]), [6, 20]), [1, 0]);
    expect(operators(mixed, 'device').filter((op) => op === 'Transpose')).toHaveLength(2);
  });
});
