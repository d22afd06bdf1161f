/** @file Loads a model version into this browser, and asks it there. */
'use client';

import { DomainError, type ErrorBody } from '@plumbline/contracts';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { errorBodyOf } from '~/trpc/errors.ts';
import type { Ask } from '../use-inspection.ts';
import { LocalWorker } from './local-worker.ts';
import type { LoadProgress, LocalProvider } from './messages.ts';

export type LocalModelState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading'; readonly progress: LoadProgress | null }
  | { readonly kind: 'ready'; readonly provider: LocalProvider; readonly worker: LocalWorker }
  | { readonly kind: 'failed'; readonly error: ErrorBody };

export interface LocalModel {
  readonly state: LocalModelState;
  load(): void;
  /** While it loads or once it is loaded: gives the memory back. */
  unload(): void;
  /** Null until it is loaded. */
  readonly ask: Ask | null;
}

const IDLE: LocalModelState = { kind: 'idle' };

export function useLocalModel(model: string, version: number): LocalModel {
  const [state, setState] = useState<LocalModelState>(IDLE);
  const current = useRef<LocalWorker | null>(null);
  const unload = useCallback(() => {
    current.current?.end();
    current.current = null;
    setState(IDLE);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another worker
  useEffect(() => unload, [model, version, unload]);
  const load = () => {
    unload();
    setState({ kind: 'loading', progress: null });
    const worker = new LocalWorker({ model, version }, (message) => {
      if (current.current !== worker) return;
      if (message.kind === 'progress') setState({ kind: 'loading', progress: message.progress });
      if (message.kind === 'ready') setState({ kind: 'ready', provider: message.provider, worker });
      if (message.kind !== 'failed') return;
      worker.end();
      setState({ kind: 'failed', error: message.error });
    });
    current.current = worker;
  };
  const worker = state.kind === 'ready' ? state.worker : null;
  const ask = useMemo(() => (worker === null ? null : askOf(worker)), [worker]);
  return { state, load, unload, ask };
}

function askOf(worker: LocalWorker): Ask {
  return (image, { category }) =>
    worker.inspect(image, category).then(
      (prediction) => ({ prediction: { ...prediction, inspection: null } }),
      (error: unknown) => ({
        error: error instanceof DomainError ? error.toBody() : errorBodyOf(error),
      }),
    );
}
