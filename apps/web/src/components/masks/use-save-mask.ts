/** @file Sends a drawn mask, then asks for the dataset version that has it. */
'use client';

import type { DatasetChange, DatasetImport, ErrorBody, Sample } from '@plumbline/contracts';
import { useState } from 'react';
import { useEditDataset } from '~/components/datasets/use-edit-dataset.ts';
import { UploadFailure } from '~/components/uploads/upload-failure.ts';
import { errorBodyOf } from '~/trpc/errors.ts';
import type { MaskDrawing } from './mask-drawing.ts';
import { sendMask } from './mask-files.ts';

export interface SaveMask {
  readonly started: DatasetImport | null;
  readonly isBusy: boolean;
  readonly error: ErrorBody | null;
  save(drawing: MaskDrawing, how: { readonly isLarge: boolean; readonly defectType: string }): void;
  remove(): void;
}

export function useSaveMask(dataset: string, sample: Sample): SaveMask {
  const { edit, started, isBusy, error } = useEditDataset(dataset);
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<ErrorBody | null>(null);
  const { path, label } = sample;
  const save: SaveMask['save'] = (drawing, { isLarge, defectType }) => {
    setFailure(null);
    setSending(true);
    sendMask(drawing)
      .then(
        ({ sha256 }) => {
          const large = isLarge ? { masks: 'as-is' as const } : {};
          const changes: DatasetChange[] = [
            { kind: 'setMask', path, mask: sha256, lies: 'upright', ...large },
          ];
          if (label === 'normal') {
            const type = defectType.trim() === '' ? {} : { defectType };
            changes.push({ kind: 'relabel', paths: [path], label: 'anomalous', ...type });
          }
          edit(changes, 'Mask drawn');
        },
        (cause: unknown) =>
          setFailure(cause instanceof UploadFailure ? cause.body : errorBodyOf(cause)),
      )
      .finally(() => setSending(false));
  };
  return {
    ...{ started, save, error: failure ?? error, isBusy: isBusy || isSending },
    remove: () => edit([{ kind: 'setMask', path, mask: null }], 'Mask removed'),
  };
}
