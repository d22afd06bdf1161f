/** @file The protocol in words: what makes these results comparable. */
import type { Protocol } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';

export function ProtocolText({ protocol }: { protocol: Protocol }) {
  return (
    <Card
      title="Protocol"
      description={`“${protocol.name}”. Only results on the same dataset version and under the same protocol are ranked together.`}
    >
      <Facts>
        <Fact term="Image size">
          {protocol.tiles === 'none'
            ? `${protocol.imageSizePx} × ${protocol.imageSizePx} px, `
            : ''}
          {protocol.resize}; {protocol.interpolation}; crop: {protocol.crop}
        </Fact>
        {protocol.tiles === 'none' ? null : <Fact term="Tiles">{protocol.tiles}</Fact>}
        <Fact term="Image score">{protocol.imageScoreRule}</Fact>
        <Fact term="Smoothing">{protocol.smoothing}</Fact>
        <Fact term="Pixel scores">{protocol.pixelScoreRule}</Fact>
        <Fact term="Masks">{protocol.maskRule}</Fact>
        {protocol.tiles === 'none' ? (
          <Fact term="Pixels compared at">
            {protocol.evaluationSizePx} × {protocol.evaluationSizePx} px
          </Fact>
        ) : null}
        <Fact term="Metrics">{protocol.metricRule}</Fact>
        <Fact term="Seeds">{protocol.seedRule}</Fact>
        <Fact term="Which epoch">{protocol.epochRule}</Fact>
        <Fact term="Mean">{protocol.mean}</Fact>
      </Facts>
    </Card>
  );
}
