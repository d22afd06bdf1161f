/** @file Training images that stand out, by name, with their scores: rare ones, or no normal images at all. */
import { type Suspects, suspectsWords } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { formatScore } from '~/format/format-number.ts';

export function SuspectsCard({ found }: { found: Suspects }) {
  return (
    <Card title="Training images that stand out" description={suspectsWords(found)}>
      {found.suspects.length === 0 ? null : (
        <ul className="grid gap-4 sm:grid-cols-3 lg:grid-cols-6">
          {found.suspects.map(({ path, category, sha256, imageScore, robustCut, isLearned }) => (
            <li key={path} className="text-sm">
              <Picture
                src={blobUrl(sha256, 256)}
                alt={path}
                loading="lazy"
                className="aspect-square w-full rounded-sm bg-sunken object-cover"
              />
              <p className="mt-1.5 break-all font-medium">{path}</p>
              <p className="text-ink-soft">
                {category}: {formatScore(imageScore)}, cut {formatScore(robustCut)}
                {isLearned ? ', by the fit that learned from it' : ''}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
