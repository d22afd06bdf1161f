/** @file The one training loop: batches, schedules, plateau, divergence, checkpoints and progress of every trainable. */
import { DomainError, type StatefulSession } from '@plumbline/contracts';
import { loadStatefulProgram } from '../eager/load-program.ts';
import { initializeParameters } from '../nn/parameters.ts';
import { targetOf } from '../trace/index.ts';
import { HeldOutLoss } from './held-out-loss.ts';
import { isOver, nextPlateau, type Plateau } from './plateau.ts';
import { StageCheckpoints } from './stage-checkpoints.ts';
import {
  AVERAGE,
  BUFFERS,
  bufferInput,
  joinState,
  type StateLayout,
  type StateVectors,
  splitState,
  stateLayout,
  stateLinks,
} from './state-layout.ts';
import { rateFeeds, stepProgram } from './step-program.ts';
import type { Trainable, Trained } from './trainable.ts';
import type { KeptState, StageState, TrainingRun } from './training-run.ts';

/**
 * Trains from the start, or from where an earlier attempt was. The same seed gives the same bytes either way.
 * @throws DomainError CANCELLED when the signal is raised; INVALID_INPUT when the loss is no longer a number.
 */
export async function fitTrainable(run: TrainingRun, trainable: Trainable): Promise<Trained> {
  const done = run.finished(trainable.name);
  if (done !== null) return done;
  const training = await Training.open(run, trainable);
  try {
    while (!training.isOver) await training.takeStep();
    return await training.finish();
  } finally {
    await training.release();
  }
}

/** A stage's state before its first step. */
export function freshState(trainable: Trainable): StageState {
  const layout = stateLayout(trainable);
  const specs = trainable.groups.flatMap(({ parameters }) => parameters);
  const weights = initializeParameters(specs, trainable.random('weights'));
  const start = (vector: string) => {
    if (vector === 'weights') return weights;
    return vector === AVERAGE ? weights.slice() : new Float32Array(weights.length);
  };
  const buffers = layout.buffers.map((buffer) => [
    bufferInput(buffer),
    initializeParameters([buffer], trainable.random('buffers', buffer.name)),
  ]);
  const vectors = layout.vectors.map((vector) => [vector, start(vector)]);
  return {
    step: 0,
    vectors: Object.fromEntries([...vectors, ...buffers]),
    losses: new Float32Array(0),
    plateau: null,
    kept: null,
  };
}

class Training {
  readonly #run: TrainingRun;
  readonly #trainable: Trainable;
  readonly #layout: StateLayout;
  readonly #session: StatefulSession;
  readonly #heldOut: HeldOutLoss | null;
  readonly #checkpoints: StageCheckpoints;
  readonly #losses: Float32Array;
  #step: number;
  #plateau: Plateau | null;
  #kept: KeptState | null;

  private constructor(
    run: TrainingRun,
    trainable: Trainable,
    start: Omit<StageState, 'vectors'>,
    { session, heldOut }: { session: StatefulSession; heldOut: HeldOutLoss | null },
  ) {
    this.#run = run;
    this.#trainable = trainable;
    this.#layout = stateLayout(trainable, targetOf(run.options.executor.provider));
    this.#session = session;
    this.#heldOut = heldOut;
    this.#checkpoints = new StageCheckpoints({
      save: (state) => run.save(trainable.name, state),
      everyMs: run.options.checkpointEveryMs,
    });
    this.#losses = new Float32Array(trainable.steps);
    this.#losses.set(start.losses);
    this.#step = start.step;
    this.#plateau = start.plateau;
    this.#kept = start.kept;
  }

  static async open(run: TrainingRun, trainable: Trainable): Promise<Training> {
    const { vectors, ...start } = run.resumed(trainable.name) ?? freshState(trainable);
    const { executor } = run.options;
    const target = targetOf(executor.provider);
    const layout = stateLayout(trainable, target);
    // The step's session first: on a card it decides how memory is kept for those beside it.
    const session = await loadStatefulProgram(
      executor,
      stepProgram(trainable, target),
      stateLinks(layout),
      splitState(layout, vectors),
    );
    try {
      const heldOut =
        trainable.watch === undefined
          ? null
          : await HeldOutLoss.load(executor, trainable.watch.heldOut);
      return new Training(run, trainable, start, { session, heldOut });
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  get isOver(): boolean {
    return this.#step >= this.#trainable.steps || isOver(this.#plateau);
  }

  async takeStep(): Promise<void> {
    const { signal, onProgress } = this.#run.options;
    if (signal?.aborted) await this.#saveForNext();
    signal?.throwIfAborted();
    const loss = await this.#computeStep();
    const step = this.#step++;
    if (!Number.isFinite(loss)) throw this.#diverged('loss');
    this.#losses[step] = loss;
    const { name, steps } = this.#trainable;
    await onProgress({ stage: name, step: this.#step, steps, loss });
    await this.#watch();
    if (!this.isOver) await this.#checkpoints.afterStep(() => this.#read());
  }

  /** @returns The loss from which the state's step was made. */
  async #computeStep(): Promise<number> {
    const trainable = this.#trainable;
    const step = this.#step;
    const feeds = await trainable.feeds({
      step,
      images: trainable.batches.images(step),
      random: (purpose) => trainable.random(purpose, step),
    });
    const rates = rateFeeds(trainable.groups, step);
    const result = await this.#session.step({ ...feeds, ...rates }, ['loss']);
    return Number(result['loss']?.data[0]);
  }

  /** Keeps what a training that is told to stop has done: its state, if one more loss shows that it is sound. */
  async #saveForNext(): Promise<void> {
    if (this.#step === 0) return;
    const state = await this.#read();
    if (Number.isFinite(await this.#computeStep()))
      await this.#run.save(this.#trainable.name, state);
  }

  /** Looks at the held-out loss when it is time. */
  async #watch(): Promise<void> {
    const { watch } = this.#trainable;
    if (this.#heldOut === null || watch === undefined) return;
    // The last state may be the best as well.
    const isLast = watch.purpose === 'keepBest' && this.#step === this.#trainable.steps;
    if (this.#step % watch.everySteps !== 0 && !isLast) return;
    const { step, vectors } = await this.#read();
    const loss = await this.#heldOut.measure(this.#trained(vectors, step));
    if (watch.purpose === 'stop') this.#plateau = nextPlateau(this.#plateau, loss);
    else if (this.#kept === null || loss < this.#kept.loss)
      this.#kept = { step, loss, vectors: resultOf(vectors) };
  }

  async finish(): Promise<Trained> {
    const { step, vectors } = this.#kept ?? (await this.#read());
    const trained = this.#trained(vectors, step);
    if (!trained.weights.every(Number.isFinite)) throw this.#diverged('weights');
    await this.#run.finish(this.#trainable.name, trained);
    return trained;
  }

  async release(): Promise<void> {
    await this.#session.release();
    await this.#heldOut?.release();
  }

  async #read(): Promise<StageState> {
    const vectors = joinState(this.#layout, await this.#session.readState());
    const losses = this.#losses.slice(0, this.#step);
    return { step: this.#step, vectors, losses, plateau: this.#plateau, kept: this.#kept };
  }

  #trained(vectors: StateVectors, keptStep: number): Trained {
    const steps = this.#step;
    const losses = this.#losses.slice(0, steps);
    const weights = vectors['weights'] as Float32Array;
    const buffers = this.#layout.buffers.map((buffer) => [
      buffer.name,
      vectors[bufferInput(buffer)] as Float32Array,
    ]);
    return {
      ...{ steps, keptStep, weights, losses, averages: vectors[AVERAGE] ?? weights },
      buffers: Object.fromEntries(buffers),
    };
  }

  #diverged(what: string): DomainError {
    const { title, divergence } = this.#trainable;
    return new DomainError(
      'INVALID_INPUT',
      `The ${what} of ${title} is no longer finite at step ${this.#step}.`,
      divergence,
    );
  }
}

/** Of a state what a training comes to, without the optimizers' slots. */
function resultOf(vectors: StateVectors): StateVectors {
  return Object.fromEntries(
    Object.entries(vectors).filter(
      ([name]) => name === 'weights' || name === AVERAGE || name.startsWith(BUFFERS),
    ),
  );
}
