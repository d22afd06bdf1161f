/** @file One fit's trainings, one stage after the other, with what an earlier attempt has left of them. */
import { createHash } from 'node:crypto';
import type { Executor } from '@plumbline/contracts';
import type { CheckpointStore, FitState } from './fit-state.ts';
import type { Plateau } from './plateau.ts';
import { BUFFERS, type StateVectors } from './state-layout.ts';
import type { Trained } from './trainable.ts';

/** Changes with what the numbers of a state mean. */
const STATE_FORMAT = 3;

/** A stage between two steps. */
export interface StageState {
  /** Steps taken. */
  readonly step: number;
  readonly vectors: StateVectors;
  /** Of each step, f32 `[step]`. */
  readonly losses: Float32Array;
  readonly plateau: Plateau | null;
  /** Null where nothing was kept yet. */
  readonly kept: KeptState | null;
}

/** The state at the smallest held-out loss so far. */
export interface KeptState {
  readonly step: number;
  readonly loss: number;
  /** Weights and buffers. */
  readonly vectors: StateVectors;
}

export interface StageProgress {
  readonly stage: string;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
}

export interface TrainingRunOptions {
  readonly executor: Executor;
  readonly checkpoints: CheckpointStore;
  /** Milliseconds between checkpoints. Default: 10 s and more, so that they cost a hundredth of the time at most. */
  readonly checkpointEveryMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Everything that the numbers depend on beside the data: settings, seed, counts. */
  readonly identity: unknown;
  /** Awaited after every step. */
  onProgress(progress: StageProgress): void | Promise<void>;
  /** A sentence for the run's log. */
  log?: ((text: string) => void | Promise<void>) | undefined;
}

export class TrainingRun {
  readonly options: TrainingRunOptions;
  readonly #fingerprint: string;
  readonly #resumed: FitState | null;
  readonly #finished: Map<string, Trained>;

  private constructor(options: TrainingRunOptions, fingerprint: string, resumed: FitState | null) {
    this.options = options;
    this.#fingerprint = fingerprint;
    this.#resumed = resumed;
    this.#finished = resumed === null ? new Map() : finishedStages(resumed);
  }

  /** Takes up what is saved when it is of the same fit. */
  static async begin(options: TrainingRunOptions): Promise<TrainingRun> {
    const identity = JSON.stringify([STATE_FORMAT, options.checkpoints.data, options.identity]);
    const fingerprint = createHash('sha256').update(identity).digest('hex');
    const saved = await options.checkpoints.load();
    if (saved === null || saved.fingerprint === fingerprint)
      return new TrainingRun(options, fingerprint, saved);
    await options.log?.(
      'The checkpoint comes from a fit with other data, another backbone or other settings: training starts over.',
    );
    return new TrainingRun(options, fingerprint, null);
  }

  finished(stage: string): Trained | null {
    return this.#finished.get(stage) ?? null;
  }

  /** Copies: what is trained on writes to them. */
  resumed(stage: string): StageState | null {
    const state = this.#resumed;
    if (state?.stage !== stage) return null;
    const { losses = new Float32Array(0), ...vectors } = Object.fromEntries(
      Object.entries(state.tensors)
        .filter(([name]) => !name.startsWith(FINISHED) && !name.startsWith(KEPT))
        .map(([name, values]) => [name, values.slice()]),
    );
    const { best, checksSince } = state.facts;
    const plateau = best === undefined || checksSince === undefined ? null : { best, checksSince };
    return { step: state.step, vectors, losses, plateau, kept: keptState(state) };
  }

  save(stage: string, { step, vectors, losses, plateau, kept }: StageState): Promise<void> {
    const keptTensors = Object.entries(kept?.vectors ?? {}).map(
      ([name, values]) => [`${KEPT}${name}`, values] as const,
    );
    return this.#write(
      stage,
      step,
      { ...vectors, losses, ...Object.fromEntries(keptTensors) },
      { ...plateau, ...(kept === null ? {} : { keptStep: kept.step, keptLoss: kept.loss }) },
    );
  }

  /** Keeps what a stage has come to, and no longer how it went on. */
  finish(stage: string, trained: Trained): Promise<void> {
    this.#finished.set(stage, trained);
    return this.#write(stage, trained.steps, {}, {});
  }

  #write(
    stage: string,
    step: number,
    tensors: FitState['tensors'],
    facts: FitState['facts'],
  ): Promise<void> {
    const finished = [...this.#finished].map(([name, trained]) => toTensors(name, trained));
    return this.options.checkpoints.save({
      fingerprint: this.#fingerprint,
      stage,
      step,
      tensors: Object.assign({ ...tensors }, ...finished),
      facts,
    });
  }
}

/** What the names of a kept state's numbers begin with. */
const KEPT = 'kept/';

function keptState({ tensors, facts: { keptStep, keptLoss } }: FitState): KeptState | null {
  if (keptStep === undefined || keptLoss === undefined) return null;
  return { step: keptStep, loss: keptLoss, vectors: withoutPrefix(tensors, KEPT) };
}

/** How the numbers of finished stages are named: `finished/<stage>/<name>`, the stage URI-encoded. */
const FINISHED = 'finished/';

function toTensors(stage: string, trained: Trained): Record<string, Float32Array> {
  const { weights, averages, losses, buffers, steps, keptStep } = trained;
  const named = Object.entries({
    ...{ weights, losses },
    ...(keptStep === steps ? {} : { keptStep: Float32Array.of(keptStep) }),
    ...(averages === weights ? {} : { averages }),
    ...Object.fromEntries(
      Object.entries(buffers).map(([name, values]) => [`${BUFFERS}${name}`, values]),
    ),
  });
  const prefix = `${FINISHED}${encodeURIComponent(stage)}/`;
  return Object.fromEntries(named.map(([name, values]) => [`${prefix}${name}`, values]));
}

function finishedStages({ tensors }: FitState): Map<string, Trained> {
  const stages = new Map<string, Trained>();
  for (const key of Object.keys(tensors)) {
    const prefix = /^finished\/[^/]+\//.exec(key)?.[0];
    if (prefix === undefined) continue;
    const stage = decodeURIComponent(prefix.slice(FINISHED.length, -1));
    if (!stages.has(stage)) stages.set(stage, toTrained(withoutPrefix(tensors, prefix)));
  }
  return stages;
}

function toTrained(named: StateVectors): Trained {
  const { weights, losses, averages, keptStep } = named;
  if (weights === undefined || losses === undefined)
    throw new Error('The checkpoint lacks the weights of a finished stage.');
  return {
    ...{ steps: losses.length, weights, losses, averages: averages ?? weights },
    keptStep: keptStep?.[0] ?? losses.length,
    buffers: withoutPrefix(named, BUFFERS),
  };
}

function withoutPrefix(named: StateVectors, prefix: string): StateVectors {
  return Object.fromEntries(
    Object.entries(named)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, values]) => [name.slice(prefix.length), values]),
  );
}
