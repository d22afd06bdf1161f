/** @file Test images that are nearly the same as a training image, side by side. */
import type { NearDuplicate, NearDuplicates } from '@plumbline/contracts';
import { ForRole } from '~/components/access/caller.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';
import { MovePairs } from './move-pairs.tsx';

const SHOWN_PAIRS = 12;

interface NearDuplicatePairsProps extends NearDuplicates {
  dataset: string;
  /** Whether it is the latest version, which another one can be made of. */
  isLatest: boolean;
}

export function NearDuplicatePairs(props: NearDuplicatePairsProps) {
  const { sure, likely, pairs, dataset, isLatest } = props;
  const more = sure + likely - Math.min(pairs.length, SHOWN_PAIRS);
  return (
    <section
      aria-labelledby="near-duplicates"
      className="rounded-lg border border-line bg-surface p-4 text-sm"
    >
      <h2 id="near-duplicates" className="font-medium">
        {formatPlural(sure + likely, 'test image')} nearly the same as a training image
      </h2>
      <p className="mt-1 text-ink-soft">
        A model recognizes what it was trained on, so such a test image says little.{' '}
        {sure > 0
          ? 'Results on this version are not ranked.'
          : 'The matches are not certain, so results on this version are ranked, but marked.'}
      </p>
      <ul className="mt-3 grid gap-4 sm:grid-cols-2">
        {pairs.slice(0, SHOWN_PAIRS).map((pair) => (
          <li key={pair.test.path}>
            <Pair pair={pair} />
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="mt-3 text-ink-soft">and {formatPlural(more, 'more pair')}</p>
      ) : null}
      {isLatest ? (
        <div className="mt-4">
          <ForRole least="engineer">
            <MovePairs dataset={dataset} pairs={pairs} />
          </ForRole>
        </div>
      ) : null}
    </section>
  );
}

function Pair({ pair }: { pair: NearDuplicate }) {
  return (
    <div>
      <div className="grid grid-cols-2 gap-2">
        <Side caption="Test" image={pair.test} />
        <Side caption="Training" image={pair.training} />
      </div>
      <p className="mt-1 text-ink-soft">
        {pair.category}: {pair.certainty === 'sure' ? 'the same photo' : 'likely the same photo'}
      </p>
    </div>
  );
}

function Side({ caption, image }: { caption: string; image: NearDuplicate['test'] }) {
  return (
    <figure>
      <Picture
        src={blobUrl(image.sha256, 256)}
        alt={`${caption} image ${image.path}`}
        loading="lazy"
        className="aspect-square w-full rounded-md bg-sunken object-contain"
      />
      <figcaption className="mt-1 break-all">
        {caption}: <span className="font-mono text-xs">{image.path}</span>
      </figcaption>
    </figure>
  );
}
