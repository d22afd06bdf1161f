/** @file The models trained last, and how they did. */
import { METRICS, type ModelSummary } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { formatMoment } from '~/format/format-time.ts';

const SHOWN = 6;

export function LatestResults({ models }: { models: ModelSummary[] }) {
  const latest = [...models].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, SHOWN);
  return (
    <Card
      title="Latest results"
      description={`${METRICS.imageAuroc.long} and ${METRICS.aupro30.short} of the latest version, in percent. Only results of one dataset under one protocol can be compared.`}
    >
      {latest.length === 0 ? (
        <p className="text-sm text-ink-soft">
          Results appear here when a training run has finished.
        </p>
      ) : (
        <TableBox label="Latest models" stacked>
          <thead>
            <tr>
              <Th>Model</Th>
              <Th>Dataset</Th>
              <Th className={numeric}>{METRICS.imageAuroc.short}</Th>
              <Th className={numeric}>{METRICS.aupro30.short}</Th>
              <Th>When</Th>
            </tr>
          </thead>
          <tbody>
            {latest.map((model) => (
              <tr key={model.name}>
                <Th scope="row" className="wrap-anywhere min-w-32 whitespace-normal!">
                  <TextLink href={`/models/${model.name}?version=${model.latestVersion}`}>
                    {model.name} v{model.latestVersion}
                  </TextLink>
                </Th>
                <Td label="Dataset">
                  <TextLink
                    href={`/leaderboards/${model.dataset}?${new URLSearchParams({ protocol: model.protocol })}`}
                  >
                    {model.dataset}
                  </TextLink>
                  <span className="block text-ink-soft text-xs">{model.protocol}</span>
                </Td>
                <Td label={METRICS.imageAuroc.short} className={numeric}>
                  <MetricValue metric="imageAuroc" value={model.mean.imageAuroc} />
                </Td>
                <Td label={METRICS.aupro30.short} className={numeric}>
                  <MetricValue metric="aupro30" value={model.mean.aupro30} />
                </Td>
                <Td label="When" className="min-w-28 whitespace-normal!">
                  {formatMoment(model.createdAt)}
                </Td>
              </tr>
            ))}
          </tbody>
        </TableBox>
      )}
    </Card>
  );
}
