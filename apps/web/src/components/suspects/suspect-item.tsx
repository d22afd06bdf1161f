/** @file One training image that stands out: the image, where it differs if that is known, its score, and what becomes of it. */
'use client';

import { SUSPECT_CHOICES, type Suspect, type SuspectChoice } from '@plumbline/contracts';
import { type ReactNode, useState } from 'react';
import { Field, Select } from '~/components/ui/field.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { formatScore } from '~/format/format-number.ts';

const CHOICE_LABELS: Readonly<Record<SuspectChoice, string>> = {
  keep: 'Keep',
  exclude: 'Exclude',
  test: 'Move to test, normal',
  anomalous: 'Move to test, anomalous',
};

const LOOK = 'aspect-square w-full rounded-sm bg-sunken';

interface SuspectItemProps {
  suspect: Suspect;
  /** Address of the picture of where it differs; none where that was not kept. */
  heatmap?: string;
  /** Beside its score. */
  note?: string;
  children?: ReactNode;
}

export function SuspectItem({ suspect, heatmap, note = '', children }: SuspectItemProps) {
  const { path, category, sha256, imageScore, robustCut } = suspect;
  return (
    <div className="text-sm">
      <div className={heatmap === undefined ? '' : 'grid grid-cols-2 gap-1.5'}>
        <Look src={blobUrl(sha256, 256)} alt={path} otherwise="The image could not be loaded." />
        {heatmap === undefined ? null : (
          <Look
            src={heatmap}
            alt={`Where ${path} differs from the other training images`}
            otherwise="Where it differs could not be loaded."
          />
        )}
      </div>
      <p className="mt-1.5 break-all font-medium">{path}</p>
      <p className="text-ink-soft">
        {category}: {formatScore(imageScore)}, cut {formatScore(robustCut)}
        {note}
      </p>
      {children}
    </div>
  );
}

/** @param otherwise In its place, if it can't be loaded. */
function Look({ src, alt, otherwise }: { src: string; alt: string; otherwise: string }) {
  const [isMissing, setMissing] = useState(false);
  if (isMissing)
    return (
      <p className={`${LOOK} flex items-center justify-center p-3 text-center text-ink-soft`}>
        {otherwise}
      </p>
    );
  return (
    <Picture
      src={src}
      alt={alt}
      loading="lazy"
      onError={() => setMissing(true)}
      className={`${LOOK} object-contain`}
    />
  );
}

interface SuspectSelectProps {
  path: string;
  /** Null: nothing is chosen yet. */
  choice: SuspectChoice | null;
  /** What is shown while nothing is chosen. */
  unchosen: string;
  disabled: boolean;
  onChoose: (choice: SuspectChoice | null) => void;
}

export function SuspectSelect(props: SuspectSelectProps) {
  const { path, choice, unchosen, disabled, onChoose } = props;
  return (
    <Field label={`What becomes of ${path.slice(path.lastIndexOf('/') + 1)}`} className="mt-1.5">
      {(wiring) => (
        <Select
          {...wiring}
          disabled={disabled}
          value={choice ?? ''}
          onChange={({ target }) =>
            onChoose(SUSPECT_CHOICES.find((one) => one === target.value) ?? null)
          }
        >
          <option value="">{unchosen}</option>
          {SUSPECT_CHOICES.map((value) => (
            <option key={value} value={value}>
              {CHOICE_LABELS[value]}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
