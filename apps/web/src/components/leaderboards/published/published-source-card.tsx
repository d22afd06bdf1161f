/** @file Where published numbers were read, under which protocol, and what of them may be set beside ours. */
import {
  type Comparability,
  METRICS,
  type Protocol,
  type PublishedBoard,
  type PublishedSource,
} from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Disclosure } from '~/components/ui/disclosure.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { Badge, type Tone } from '~/components/ui/status-badge.tsx';

const VERDICTS: Record<Comparability['verdict'], { label: string; tone: Tone }> = {
  close: { label: 'comparable', tone: 'ok' },
  'with care': { label: 'with care', tone: 'warn' },
  not: { label: 'not comparable', tone: 'bad' },
  unknown: { label: 'not known', tone: 'neutral' },
};

export function sourceAnchor(board: PublishedBoard, source: string): string {
  return `source-${board.standard}-${source}`;
}

interface PublishedSourceCardProps {
  board: PublishedBoard;
  source: PublishedSource;
}

export function PublishedSourceCard({ board, source }: PublishedSourceCardProps) {
  return (
    <div id={sourceAnchor(board, source.id)} className="scroll-mt-20">
      <Card title={`Source: ${source.title}`} description={source.reference}>
        {source.remarks.length === 0 ? null : (
          <ul className="mb-4 max-w-prose list-disc space-y-1 pl-5 text-sm">
            {source.remarks.map((remark) => (
              <li key={remark}>{remark}</li>
            ))}
          </ul>
        )}
        <ul
          aria-label={`What of ${source.title} is comparable with ours`}
          className="space-y-3 text-sm"
        >
          {source.comparability.map(({ metrics, verdict, why }) => (
            <li key={metrics.join(' ')} className="max-w-prose">
              <Badge tone={VERDICTS[verdict].tone}>{VERDICTS[verdict].label}</Badge>{' '}
              <span className="font-medium">
                {metrics.map((metric) => METRICS[metric].short).join(', ')}
              </span>
              <span className="mt-1 block text-ink-soft">{why}</span>
            </li>
          ))}
        </ul>
        {source.protocol === null ? (
          <p className="mt-3 text-ink-soft text-sm">The source does not state its protocol.</p>
        ) : (
          <Disclosure summary={`Its protocol, ${source.protocol.name}`}>
            <ProtocolFacts protocol={source.protocol} />
          </Disclosure>
        )}
      </Card>
    </div>
  );
}

function ProtocolFacts({ protocol }: { protocol: Protocol }) {
  const { imageSizePx, evaluationSizePx } = protocol;
  return (
    <Facts>
      <Fact term="Image size">
        {imageSizePx} × {imageSizePx} px, {protocol.resize}
      </Fact>
      <Fact term="Interpolation">{protocol.interpolation}</Fact>
      <Fact term="Crop">{protocol.crop}</Fact>
      <Fact term="Smoothing">{protocol.smoothing}</Fact>
      <Fact term="Image score">{protocol.imageScoreRule}</Fact>
      <Fact term="Pixel scores">{protocol.pixelScoreRule}</Fact>
      <Fact term="Masks">{protocol.maskRule}</Fact>
      <Fact term="Pixels compared at">
        {evaluationSizePx} × {evaluationSizePx} px
      </Fact>
      <Fact term="Metrics">{protocol.metricRule}</Fact>
      <Fact term="Seeds">{protocol.seedRule}</Fact>
      <Fact term="Which epoch">{protocol.epochRule}</Fact>
      <Fact term="Mean">{protocol.mean}</Fact>
    </Facts>
  );
}
