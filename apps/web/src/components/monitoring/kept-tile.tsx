/** @file One inspected image that is kept: chosen or not, with its score, verdict, and what it would be added as. */
import {
  formatRatio,
  type KeptImage,
  type Label,
  labelSchema,
  OPERATOR_VERDICT_WORDS,
  scoreRatio,
} from '@plumbline/contracts';
import { Field, Select } from '~/components/ui/field.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { LabelBadge } from '~/components/ui/status-badge.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { formatScore } from '~/format/format-number.ts';
import { formatMoment } from '~/format/format-time.ts';
import { type AddedAs, labelOf } from './added-images.ts';

interface KeptTileProps {
  image: KeptImage;
  isChosen: boolean;
  as: AddedAs | undefined;
  onChoose: (isChosen: boolean) => void;
  onLabel: (label: Label) => void;
}

export function KeptTile({ image, isChosen, as, onChoose, onLabel }: KeptTileProps) {
  const { at, category, imageScore, threshold, predictedLabel, verdict, addedTo } = image;
  const name = `${category ?? 'image'} at ${formatMoment(at)}`;
  return (
    <div className="text-sm">
      <label className="block cursor-pointer">
        <Picture
          src={blobUrl(image.image, 256)}
          alt={name}
          loading="lazy"
          className="aspect-square w-full rounded-sm bg-sunken object-cover"
        />
        <span className="mt-1.5 flex items-center gap-2 font-medium">
          <input
            type="checkbox"
            className="size-4"
            checked={isChosen}
            disabled={category === null}
            onChange={(event) => onChoose(event.target.checked)}
          />
          {name}
        </span>
      </label>
      <p className="mt-1 text-ink-soft">
        <LabelBadge label={predictedLabel} /> {formatScore(imageScore)},{' '}
        {formatRatio(scoreRatio(imageScore, threshold))} × threshold
      </p>
      <p className="text-ink-soft">
        {verdict === null ? 'not judged' : OPERATOR_VERDICT_WORDS[verdict]}
        {category === null ? '; without a category, so it can’t be added' : ''}
      </p>
      {addedTo === null ? null : (
        <p>
          added to <TextLink href={`/datasets/${addedTo}`}>{addedTo}</TextLink>
        </p>
      )}
      {isChosen ? (
        <Field label={`Add ${name} as`} className="mt-1.5">
          {(wiring) => (
            <Select
              {...wiring}
              value={labelOf(image, as)}
              onChange={(event) => onLabel(labelSchema.parse(event.target.value))}
            >
              <option value="normal">normal training image</option>
              <option value="anomalous">anomalous test image</option>
            </Select>
          )}
        </Field>
      ) : null}
    </div>
  );
}
