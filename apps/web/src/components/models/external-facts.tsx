/** @file Where imported results come from. */
import type { ModelVersion } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';

export function ExternalFacts({ version }: { version: ModelVersion }) {
  const { manifest } = version;
  if (manifest.kind !== 'external') return null;
  const { external, lineage, protocol } = manifest;
  return (
    <Card
      title="Imported results"
      description="Scores and maps of a model from elsewhere, evaluated here. There is no graph to serve, and its cost is unknown."
      actions={<Badge>external, evaluated here</Badge>}
    >
      <Facts>
        <Fact term="Method">{manifest.method}</Fact>
        <Fact term="Stated protocol">{protocol.name}</Fact>
        <Fact term="Dataset version">
          <TextLink href={`/datasets/${lineage.dataset}`}>{lineage.dataset}</TextLink>{' '}
          <span className="font-mono text-xs">{lineage.datasetVersion}</span>
        </Fact>
        <Fact term="Imported from">
          {external.source} ({external.format})
        </Fact>
        <Fact term="Maps">
          {external.mapsResized === null
            ? 'at the evaluation size'
            : `resized from ${external.mapsResized}`}
        </Fact>
        <Fact term="SHA-256 of scores and maps">
          <span className="font-mono text-xs break-all">{external.sha256}</span>
        </Fact>
        {external.note === '' ? null : <Fact term="Note">{external.note}</Fact>}
      </Facts>
    </Card>
  );
}
