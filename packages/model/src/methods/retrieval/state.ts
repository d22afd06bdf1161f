/**
 * @file What a bank needs beside its graph so that images can be added later without reading the earlier ones again:
 * `bank-state.safetensors` of the bundle. The patches and descriptors themselves are in the graph.
 */
import { BANK_STATE_FILE } from '@plumbline/contracts';
import { readSafetensors, type SafeTensor, writeSafetensors } from '../../backbones/safetensors.ts';
import type { Projection } from '../principal-components.ts';
import type { LeaveOneOut } from './leave-one-out.ts';
import type { RetrievalPlan } from './plan.ts';
import { LevelMoments } from './scale.ts';

export interface BankState {
  readonly moments: readonly LevelMoments[];
  readonly projections: readonly (Projection | null)[];
  readonly measured: LeaveOneOut;
  /** u of each level, of `local-scale.ts`; null without local scales. */
  readonly usual: readonly number[] | null;
}

export function writeState({ moments, projections, measured, usual }: BankState): Uint8Array {
  const tensors = new Map<string, SafeTensor>();
  for (const [level, { state }] of moments.entries()) {
    const { sums, squares, patches } = state;
    tensors.set(`sums${level}`, { dtype: 'F64', shape: [sums.length], data: sums });
    tensors.set(`moments${level}`, {
      ...{ dtype: 'F64', shape: [2] },
      data: Float64Array.of(squares, patches),
    });
  }
  const { count, nearest, similarities } = measured.neighbors;
  const images = nearest.length / count;
  for (const [level, data] of measured.distances.entries())
    tensors.set(`distances${level}`, { dtype: 'F32', shape: [images, data.length / images], data });
  tensors.set('nearest', { dtype: 'I32', shape: [images, count], data: nearest });
  tensors.set('similarities', { dtype: 'F32', shape: [images, count], data: similarities });
  tensors.set('copies', {
    ...{ dtype: 'I32', shape: [measured.hadCopies.size] },
    data: Int32Array.from(measured.hadCopies),
  });
  if (usual !== null)
    tensors.set('usual', {
      ...{ dtype: 'F64', shape: [usual.length] },
      data: Float64Array.from(usual),
    });
  for (const [level, projection] of projections.entries())
    if (projection !== null)
      tensors.set(`projection${level}`, {
        ...{ dtype: 'F32', shape: [projection.from, projection.to] },
        data: projection.matrix,
      });
  return writeSafetensors(tensors);
}

/** @throws DomainError INVALID_INPUT when the file is broken. */
export function readState(bytes: Uint8Array, { levels, localScale }: RetrievalPlan): BankState {
  const { tensors } = readSafetensors(bytes, BANK_STATE_FILE);
  const data = (name: string) => {
    const found = tensors.get(name);
    if (found === undefined) throw new Error(`${BANK_STATE_FILE} has no "${name}"`);
    return found.data;
  };
  return {
    moments: levels.map((_, level) => {
      const [squares = 0, patches = 0] = data(`moments${level}`) as Float64Array;
      return new LevelMoments({ sums: data(`sums${level}`) as Float64Array, squares, patches });
    }),
    projections: levels.map(({ channels, stored }, level) =>
      stored === channels
        ? null
        : { from: channels, to: stored, matrix: data(`projection${level}`) as Float32Array },
    ),
    measured: {
      distances: levels.map((_, level) => data(`distances${level}`) as Float32Array),
      neighbors: {
        count: tensors.get('nearest')?.shape[1] ?? 0,
        nearest: data('nearest') as Int32Array,
        similarities: data('similarities') as Float32Array,
      },
      hadCopies: new Set(data('copies') as Int32Array),
    },
    usual: localScale > 0 ? Array.from(data('usual') as Float64Array) : null,
  };
}
