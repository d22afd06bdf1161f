/** @file The versions of a model: which one answers, and the way to another. */
import { METRICS, type ModelVersion } from '@plumbline/contracts';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { Badge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { bundleZipUrl } from '~/format/api-paths.ts';
import { formatBytes } from '~/format/format-number.ts';
import { formatMoment } from '~/format/format-time.ts';
import { PromoteButton } from './promote-button.tsx';

export function VersionTable({ versions, shown }: { versions: ModelVersion[]; shown: number }) {
  return (
    <TableBox label="Versions" stacked>
      <thead>
        <tr>
          <Th>Version</Th>
          <Th>State</Th>
          <Th>Preset</Th>
          <Th className={numeric}>{METRICS.imageAuroc.short}</Th>
          <Th className={numeric}>{METRICS.aupro30.short}</Th>
          <Th className={numeric}>Size</Th>
          <Th>Created</Th>
          <Th>Bundle</Th>
        </tr>
      </thead>
      <tbody>
        {versions.map((one) => (
          <VersionLine key={one.version} one={one} isShown={one.version === shown} />
        ))}
      </tbody>
    </TableBox>
  );
}

function VersionLine({ one, isShown }: { one: ModelVersion; isShown: boolean }) {
  const { mean } = one.manifest;
  return (
    <tr className={isShown ? 'bg-accent-soft' : undefined}>
      <Th scope="row">
        <TextLink
          href={`/models/${one.model}?version=${one.version}`}
          aria-current={isShown ? 'true' : undefined}
        >
          v{one.version}
        </TextLink>
      </Th>
      <Td>
        {one.promoted ? (
          <Badge tone="ok">promoted</Badge>
        ) : one.manifest.kind === 'external' ? (
          <Badge>external, evaluated here</Badge>
        ) : (
          <PromoteButton model={one.model} version={one.version} />
        )}
      </Td>
      <Td label="Preset">{one.manifest.preset}</Td>
      <Td label={METRICS.imageAuroc.short} className={numeric}>
        <MetricValue metric="imageAuroc" value={mean.imageAuroc} result={one.manifest} />
      </Td>
      <Td label={METRICS.aupro30.short} className={numeric}>
        <MetricValue metric="aupro30" value={mean.aupro30} result={one.manifest} />
      </Td>
      <Td label="Size" className={numeric}>
        {formatBytes(one.sizeBytes)}
      </Td>
      <Td label="Created">{formatMoment(one.createdAt)}</Td>
      <Td label="Bundle">
        <a
          href={bundleZipUrl(one.model, one.version)}
          download
          className="font-medium text-accent underline underline-offset-4"
        >
          bundle.zip<span className="sr-only"> of version {one.version}</span>
        </a>
      </Td>
    </tr>
  );
}
