/** @file Loads the model into the browser: its size, progress, what computes, why it can't. */
'use client';

import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { formatBytes } from '~/format/format-number.ts';
import type { LoadProgress, LocalProvider } from './messages.ts';
import type { LocalModel } from './use-local-model.ts';

interface LocalModelCardProps extends Pick<LocalModel, 'state' | 'load' | 'unload'> {
  /** `sample-rlr v2`. */
  name: string;
  /** Of its graph. */
  modelBytes: number;
}

const COMPUTES_ON: Readonly<Record<LocalProvider, string>> = {
  webgpu: 'the graphics card (WebGPU)',
  wasm: 'the processor (WebAssembly, one thread)',
};

export function LocalModelCard(props: LocalModelCardProps) {
  const { name } = props;
  return (
    <Card
      title="Run in this browser"
      description="The model comes here, and no image leaves this machine. Nothing is recorded, so monitoring does not see these inspections."
    >
      <div aria-live="polite" className="space-y-4">
        <State {...props} />
      </div>
      {props.state.kind === 'failed' ? (
        <Button variant="secondary" className="mt-4" onClick={props.load}>
          Load {name} again
        </Button>
      ) : null}
    </Card>
  );
}

function State({ state, load, unload, name, modelBytes }: LocalModelCardProps) {
  switch (state.kind) {
    case 'idle':
      return (
        <Button onClick={load}>
          Load {name} ({formatBytes(modelBytes)})
        </Button>
      );
    case 'loading':
      return (
        <>
          <LoadBar progress={state.progress} />
          <Button variant="secondary" onClick={unload}>
            Cancel loading
          </Button>
        </>
      );
    case 'failed':
      return <ErrorNotice error={state.error} title={`${name} does not run in this browser`} />;
    case 'ready':
      return (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm">
            <strong>{name} is loaded.</strong> It computes on {COMPUTES_ON[state.provider]}.
          </p>
          <Button variant="secondary" onClick={unload}>
            Unload
          </Button>
        </div>
      );
  }
}

function LoadBar({ progress }: { progress: LoadProgress | null }) {
  if (progress?.part === 'model' && progress.totalBytes > 0) {
    const { loadedBytes, totalBytes } = progress;
    return (
      <ProgressBar
        label="Loading model.onnx"
        value={loadedBytes / totalBytes}
        detail={`${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}`}
      />
    );
  }
  const label = progress?.part === 'session' ? 'Preparing the model' : 'Asking for the model';
  return <ProgressBar label={label} value={null} />;
}
