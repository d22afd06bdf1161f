/** @file Where a version comes from, whether its export agrees with what was trained, and how fast it is. */
import { backboneLabel, type TrainedVersion } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { bundleFileUrl } from '~/format/api-paths.ts';
import { formatBytes, formatMilliseconds, formatPlural } from '~/format/format-number.ts';
import { formatDuration } from '~/format/format-time.ts';

export function VersionFacts({ version }: { version: TrainedVersion }) {
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      <LineageCard version={version} />
      <SpeedCard version={version} />
      <BundleCard version={version} />
    </div>
  );
}

function LineageCard({ version }: { version: TrainedVersion }) {
  const { lineage, backbone, trainSeconds, seed, method, preset } = version.manifest;
  return (
    <Card title="Lineage">
      <Facts>
        <Fact term="Training run">
          <TextLink href={`/runs/${lineage.run}`}>{lineage.run.slice(0, 8)}</TextLink>
        </Fact>
        <Fact term="Dataset version">
          <TextLink href={`/datasets/${lineage.dataset}`}>{lineage.dataset}</TextLink>{' '}
          <span className="font-mono text-xs">{lineage.datasetVersion}</span>
        </Fact>
        <Fact term="Method and preset">
          {method}, {preset}
        </Fact>
        <Fact term="Backbone">{backboneLabel(backbone)}</Fact>
        <Fact term="Feature taps">{backbone.featureTaps.join(', ')}</Fact>
        <Fact term="Seed">{seed}</Fact>
        <Fact term="Code">{lineage.codeVersion}</Fact>
        <Fact term="Training took">{formatDuration(trainSeconds)}</Fact>
      </Facts>
    </Card>
  );
}

function SpeedCard({ version }: { version: TrainedVersion }) {
  const { latencyMs } = version.manifest;
  return (
    <Card title="Parity and speed">
      <Facts>
        <Fact term="Parity">
          <Parity version={version} />
        </Fact>
        <Fact term="Latency, median">{formatMilliseconds(latencyMs.p50)}</Fact>
        <Fact term="Latency, 95th percentile">{formatMilliseconds(latencyMs.p95)}</Fact>
        <Fact term="Measured on">
          {latencyMs.hardware}, {formatPlural(latencyMs.images, 'image')}
        </Fact>
      </Facts>
    </Card>
  );
}

function BundleCard({ version }: { version: TrainedVersion }) {
  return (
    <Card
      title="Bundle"
      className="lg:col-span-2"
      description="The ONNX graph, its evaluation, and the manifest that describes all of it."
    >
      <ul className="space-y-2 text-sm">
        {version.manifest.files.map((file) => (
          <li key={file.name} className="flex flex-wrap gap-x-3">
            <a
              href={bundleFileUrl(version.model, version.version, file.name)}
              download
              className="font-medium text-accent underline underline-offset-4"
            >
              {file.name}
            </a>
            <span>{formatBytes(file.bytes)}</span>
            <span className="font-mono text-xs break-all text-ink-soft">SHA-256 {file.sha256}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Parity({ version }: { version: TrainedVersion }) {
  const { parity } = version.manifest;
  const worst = Math.max(parity.imageScoreRelative, parity.anomalyMapRelative);
  const holds = worst <= parity.tolerance;
  return (
    <>
      <Badge tone={holds ? 'ok' : 'bad'}>{holds ? 'holds' : 'broken'}</Badge>
      <span className="mt-1 block text-xs font-normal text-ink-soft">
        Exported against trained on {formatPlural(parity.images, 'image')}: at most{' '}
        {worst.toExponential(1)} apart, {parity.tolerance.toExponential(0)} allowed.
      </span>
    </>
  );
}
