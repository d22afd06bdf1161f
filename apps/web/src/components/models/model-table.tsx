/** @file All models with the results of their latest version. */

import type { ModelSummary } from '@plumbline/contracts';
import { MetricCells, MetricHeads } from '~/components/ui/metric-cells.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';

export function ModelTable({ models }: { models: ModelSummary[] }) {
  return (
    <TableBox label="Models" stacked>
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Dataset</Th>
          <Th>Method</Th>
          <Th>Backbone</Th>
          <Th>Protocol</Th>
          <Th className={numeric}>Versions</Th>
          <Th className={numeric}>Promoted</Th>
          <MetricHeads />
        </tr>
      </thead>
      <tbody>
        {models.map((model) => (
          <tr key={model.name}>
            <Th scope="row">
              <TextLink href={`/models/${model.name}`}>{model.name}</TextLink>
            </Th>
            <Td label="Dataset">
              <TextLink href={`/datasets/${model.dataset}`}>{model.dataset}</TextLink>
            </Td>
            <Td label="Method">{model.method}</Td>
            <Td label="Backbone">{model.backbone}</Td>
            <Td label="Protocol">{model.protocol}</Td>
            <Td label="Versions" className={numeric}>
              {model.versions}
            </Td>
            <Td label="Promoted" className={numeric}>
              {model.promotedVersion === null ? 'none' : `v${model.promotedVersion}`}
            </Td>
            <MetricCells
              of={(metric) => <MetricValue metric={metric} value={model.mean[metric]} />}
            />
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
