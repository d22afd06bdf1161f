/** @file Takes a folder or a .zip, dropped or chosen. */
'use client';

import { type FileWithPath, fromEvent } from 'file-selector';
import { FolderUp } from 'lucide-react';
import { type ComponentProps, type DragEvent, useRef, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { classNames } from '~/components/ui/class-names.ts';
import { formatBytes, formatPlural } from '~/format/format-number.ts';
import { bytesOf, type PickedFiles, pickedFiles } from './picked-files.ts';

interface FileDropProps {
  picked: PickedFiles | null;
  onPick: (picked: PickedFiles) => void;
  disabled: boolean;
}

export function FileDrop({ picked, onPick, disabled }: FileDropProps) {
  const [over, setOver] = useState(false);
  const [isEmpty, setEmpty] = useState(false);
  const take = async (event: unknown) => {
    const files = (await fromEvent(event)).filter(
      (one): one is FileWithPath => one instanceof File,
    );
    const found = pickedFiles(files);
    setEmpty(found === null);
    if (found !== null) onPick(found);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!disabled) void take(event.nativeEvent);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way to what the buttons inside do.
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classNames(
        'flex flex-col items-center gap-3 rounded-lg border-2 border-dashed p-6 text-center',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
      )}
    >
      <FolderUp aria-hidden="true" className="size-8 text-accent" />
      <p className="font-medium">Drop a folder or a .zip here</p>
      <div className="flex flex-wrap justify-center gap-2">
        <ChooseButton label="Choose a folder" disabled={disabled} onFiles={take} isFolder />
        <ChooseButton
          label="Choose a .zip"
          disabled={disabled}
          onFiles={take}
          accept=".zip,application/zip"
        />
      </div>
      <p aria-live="polite" className="text-sm text-ink-soft">
        {isEmpty ? 'There are no files in it.' : picked === null ? '' : sizeOf(picked)}
      </p>
    </div>
  );
}

function sizeOf(picked: PickedFiles): string {
  const bytes = formatBytes(bytesOf(picked));
  if (picked.kind === 'zip') return `${picked.name}, ${bytes}`;
  return `${picked.name}: ${formatPlural(picked.files.length, 'file')}, ${bytes}`;
}

interface ChooseButtonProps extends Pick<ComponentProps<'input'>, 'accept' | 'disabled'> {
  label: string;
  isFolder?: boolean;
  onFiles: (event: unknown) => Promise<void>;
}

/** A button in front of a file input, which browsers label in their own words. */
function ChooseButton({ label, isFolder = false, onFiles, disabled, accept }: ChooseButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant="secondary" disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={(element) => {
          input.current = element;
          if (isFolder) element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        accept={accept}
        aria-label={label}
        tabIndex={-1}
        hidden
        onChange={async (event) => {
          const { currentTarget } = event;
          await onFiles(event.nativeEvent);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
