/** @file The backbone that a run names: fetched from its publisher when it is a catalog name that is not here yet. */
import { extname } from 'node:path';
import {
  DomainError,
  type Executor,
  findCatalogBackbone,
  findEmbeddedBackbone,
  nameSchema,
  type StartTrainingInput,
  type TappedInput,
} from '@plumbline/contracts';
import { type BackboneStore, openBackboneStore } from '@plumbline/data';
import { type Backbone, openBackbone } from '@plumbline/model';
import type { TrainerEnvironment } from '../../env.ts';

export interface OpenRunBackboneOptions
  extends Pick<ResolveBackboneOptions, 'signal' | 'onProgress'> {
  readonly environment: TrainerEnvironment;
  readonly input: StartTrainingInput;
  readonly executor: Executor;
  /** What the method taps when the run names no taps, and what is made of them. */
  readonly reads: TappedInput;
  /** Of the preset: taps are measured at it. */
  readonly imageSizePx: number;
}

/** @throws DomainError when the backbone can't be had, is another one than its name says, or lacks the taps. */
export async function openRunBackbone(options: OpenRunBackboneOptions): Promise<Backbone> {
  const { environment, input, executor, reads, imageSizePx, signal, onProgress } = options;
  const { home, backboneMirror } = environment;
  const store = openBackboneStore({ folder: home.backbones, mirror: backboneMirror });
  const resolved = await resolveBackbone({ backbone: input.backbone, store, signal, onProgress });
  const backbone = await openBackbone({
    backbone: resolved.backbone,
    architecture: resolved.architecture ?? undefined,
    featureTaps: input.featureTaps,
    input: reads,
    executor,
    imageSizePx,
  });
  assertHash(input.backbone, resolved, backbone.sha256);
  return backbone;
}

export interface ResolveBackboneOptions {
  /** `StartTrainingInput.backbone`. */
  readonly backbone: string;
  readonly store: BackboneStore;
  readonly signal?: AbortSignal | undefined;
  /** @param fraction Of the download, 0 to 1. */
  readonly onProgress: (fraction: number, message: string) => Promise<void>;
}

export interface ResolvedBackbone {
  /** `standard`, `compact` or a path. */
  readonly backbone: string;
  /** What its weights must be of; null when the file itself says. */
  readonly architecture: string | null;
  /** Hash that the file must have, null when none is known. */
  readonly sha256: string | null;
}

/** @throws DomainError when there is no such name or its file can't be fetched. */
export async function resolveBackbone(options: ResolveBackboneOptions): Promise<ResolvedBackbone> {
  const { backbone, store, signal } = options;
  const isFile = extname(backbone) === '.onnx' || extname(backbone) === '.safetensors';
  const isEmbedded = findEmbeddedBackbone(backbone) !== null;
  if (isEmbedded || isFile || !nameSchema.safeParse(backbone).success) {
    return { backbone, architecture: null, sha256: null };
  }
  const entry = findCatalogBackbone(backbone);
  const here = await store.find(backbone);
  if (entry === null && here === null) {
    throw new DomainError('NOT_FOUND', `There is no backbone "${backbone}".`, {
      field: 'backbone',
      fix: 'See "plumb backbones list", or give the full path of an .onnx or .safetensors file.',
    });
  }
  const { architecture = null, sha256 = null } = entry ?? {};
  if (here !== null) return { backbone: here.path, architecture, sha256 };
  await options.onProgress(0, `Fetching ${backbone} from ${entry?.page}.`);
  const fetched = await store.fetch(backbone, {
    signal,
    onProgress: (progress) => {
      const { receivedBytes, totalBytes, bytesPerSecond, etaSeconds } = progress;
      const all = totalBytes === null ? '' : ` of ${megabytes(totalBytes)}`;
      const left = etaSeconds === null ? '' : `, ${Math.ceil(etaSeconds)} s left`;
      // Not waited for: a slow database must not slow the download.
      void options
        .onProgress(
          totalBytes === null ? 0 : receivedBytes / totalBytes,
          `Fetching ${backbone}: ${megabytes(receivedBytes)}${all}, ${megabytes(bytesPerSecond)}/s${left}.`,
        )
        .catch(() => {});
    },
  });
  return { backbone: fetched.path, architecture, sha256 };
}

/** @throws DomainError when the file that was opened is not the one that the name means. */
export function assertHash(name: string, resolved: ResolvedBackbone, actual: string): void {
  if (resolved.sha256 === null || resolved.sha256 === actual) return;
  throw new DomainError(
    'INVALID_INPUT',
    `The file of backbone "${name}" has the SHA-256 ${actual} instead of ${resolved.sha256}.`,
    {
      field: 'backbone',
      fix: `Remove ${resolved.backbone} and fetch it again with "plumb backbones fetch ${name}".`,
    },
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
