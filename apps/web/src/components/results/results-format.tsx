/** @file What a file of results holds, in short. */
import { Card } from '~/components/ui/card.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';

const SAVE = 'numpy.savez("results.npz", paths=paths, scores=scores, maps=maps)';

export function ResultsFormat({ example }: { example: string | null }) {
  return (
    <Card title="What the file must contain">
      <div className="max-w-prose space-y-3 text-sm">
        <p>
          A score and an anomaly map for every test image of the dataset, and for no other image.
          Higher means more anomalous, on one scale for all images. Give either
        </p>
        <ul className="list-disc space-y-2 pl-5">
          <li>
            an <code>.npz</code> with <code>paths</code>, <code>scores</code> and <code>maps</code>:
            <pre className="mt-2 whitespace-pre-wrap break-words rounded-md bg-sunken p-3 font-mono text-xs">
              {SAVE}
            </pre>
          </li>
          <li>
            or a <code>.zip</code> with one <code>.csv</code> (columns <code>path</code> and{' '}
            <code>score</code>) and one float32 TIFF or gray PNG per map, named like its image.
          </li>
        </ul>
        {example === null ? null : (
          <p>
            Paths are the dataset’s own, such as <code className="break-all">{example}</code>.
          </p>
        )}
        <p>
          <TextLink href="/docs/data-formats#results-of-other-models">
            The format in detail
          </TextLink>
        </p>
      </div>
    </Card>
  );
}
