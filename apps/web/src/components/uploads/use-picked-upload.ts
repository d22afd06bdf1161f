/** @file Uploads what was picked: a .zip as it is, a folder packed into one first. */
'use client';

import { useEffect, useRef, useState } from 'react';
import { packFolder } from './pack-folder.ts';
import type { PickedFiles } from './picked-files.ts';
import { type UploadHandle, useUpload } from './use-upload.ts';

export interface Packing {
  readonly packed: number;
  readonly total: number;
  cancel(): void;
}

export interface PickedUpload {
  /** While a folder is made one file. */
  readonly packing: Packing | null;
  readonly upload: UploadHandle;
  /** Resolves with the upload's id, null when cancelled; throws an `UploadFailure`. */
  start(picked: PickedFiles): Promise<string | null>;
}

export function usePickedUpload(): PickedUpload {
  const upload = useUpload();
  const [packing, setPacking] = useState<Packing | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const pack = async (folder: Extract<PickedFiles, { kind: 'folder' }>): Promise<File | null> => {
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    const onProgress = (packed: number, total: number) =>
      setPacking({ packed, total, cancel: () => controller.abort() });
    try {
      return await packFolder(folder, { signal, onProgress });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      setPacking(null);
    }
  };

  const start = async (picked: PickedFiles) => {
    const file = picked.kind === 'zip' ? picked.file : await pack(picked);
    return file === null ? null : upload.start(file);
  };
  return { packing, upload, start };
}
