/** @file Takes one image, dropped or chosen. */
'use client';

import { ImageUp } from 'lucide-react';
import { type DragEvent, useEffect, useId, useRef, useState } from 'react';
import { classNames } from '~/components/ui/class-names.ts';

interface ImageDropProps {
  onImage: (file: File) => void;
  disabled: boolean;
  /** Whether a browser is to read it: the server reads TIFF as well. */
  isLocal: boolean;
}

export function ImageDrop({ onImage, disabled, isLocal }: ImageDropProps) {
  const [over, setOver] = useState(false);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const take = useRef(onImage);
  useEffect(() => {
    take.current = onImage;
  });
  // An image chosen while the page was still coming alive is not lost.
  useEffect(() => {
    const early = input.current?.files?.[0];
    if (early !== undefined) take.current(early);
  }, []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined && !disabled) onImage(file);
  };
  return (
    <label
      htmlFor={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={classNames(
        'flex cursor-pointer flex-col items-center gap-2 rounded-lg border-2 border-dashed p-8 text-center has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface',
      )}
    >
      <ImageUp aria-hidden="true" className="size-8 text-accent" />
      <span className="font-medium">Drop an image here, or choose one</span>
      <span className="text-sm text-ink-soft">
        {isLocal ? 'PNG, JPEG, WebP or BMP, 8 bits per channel' : 'PNG, JPEG, WebP, BMP or TIFF'}
      </span>
      <input
        ref={input}
        id={id}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/bmp,image/tiff"
        disabled={disabled}
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onImage(file);
          event.target.value = '';
        }}
      />
    </label>
  );
}
