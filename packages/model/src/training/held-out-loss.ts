/** @file A loss over held-out normal images under weights that change. It never sees the test split. */
import type { Executor, TensorMap } from '@plumbline/contracts';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadProgram, type ProgramSession } from '../eager/load-program.ts';
import { byName, type ParameterSpec, parameterSize } from '../nn/parameters.ts';
import { float32 } from '../onnx/index.ts';
import type { TensorProgram } from '../trace/index.ts';
import { bufferInput, stateInput, statePieces } from './state-layout.ts';
import type { HeldOutLossSpec, Trained } from './trainable.ts';

export class HeldOutLoss {
  readonly #spec: HeldOutLossSpec;
  readonly #session: ProgramSession;

  private constructor(spec: HeldOutLossSpec, session: ProgramSession) {
    this.#spec = spec;
    this.#session = session;
  }

  static async load(executor: Executor, spec: HeldOutLossSpec): Promise<HeldOutLoss> {
    return new HeldOutLoss(spec, await loadProgram(executor, programOf(spec)));
  }

  /** @returns Mean over the batches. */
  async measure({ weights, buffers }: Pick<Trained, 'weights' | 'buffers'>): Promise<number> {
    const { batches } = this.#spec;
    const state = stateFeeds(this.#spec, weights, buffers);
    let total = 0;
    for (const batch of batches) {
      const { loss } = await this.#session.run({ ...state, ...(await this.#spec.feeds(batch)) });
      total += Number(loss?.data[0]);
    }
    return total / batches.length;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

const weightInput = (piece: ParameterSpec) => stateInput('weights', piece);

function programOf({
  name,
  parameters,
  buffers = [],
  inputs,
  frozen,
  loss,
}: HeldOutLossSpec): TensorProgram {
  const pieces = statePieces(parameters);
  const state = [
    ...pieces.map((piece) => [weightInput(piece), { shape: piece.shape }] as const),
    ...buffers.map((buffer) => [bufferInput(buffer), { shape: buffer.shape }] as const),
  ];
  return {
    name,
    inputs: { ...Object.fromEntries(state), ...inputs },
    frozen,
    body: (given) => {
      const at = (input: string) => given[input] as Tensor;
      return {
        loss: loss({
          parameters: byName(
            pieces.map((piece) => at(weightInput(piece))),
            pieces,
          ),
          buffers: Object.fromEntries(
            buffers.map((buffer) => [buffer.name, at(bufferInput(buffer))]),
          ),
          inputs: given,
        }),
      };
    },
  };
}

/** Views of the flat weights and the buffers, by input name. */
function stateFeeds(
  { parameters, buffers = [] }: HeldOutLossSpec,
  weights: Float32Array,
  values: Trained['buffers'],
): TensorMap {
  let offset = 0;
  const feeds = statePieces(parameters).map((piece) => {
    const view = weights.subarray(offset, offset + parameterSize(piece));
    offset += view.length;
    return [weightInput(piece), float32(piece.shape, view)] as const;
  });
  const others = buffers.map(
    (buffer) =>
      [bufferInput(buffer), float32(buffer.shape, values[buffer.name] as Float32Array)] as const,
  );
  return Object.fromEntries([...feeds, ...others]);
}
