/** @file What a version costs. */
import type { ModelVersion } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';
import { formatBytes, formatMilliseconds, formatPlural } from '~/format/format-number.ts';
import { formatDuration } from '~/format/format-time.ts';

export function CostCard({ version }: { version: ModelVersion }) {
  const { latencyMs, trainSeconds, files } = version.manifest;
  const graph = files.find((file) => file.name === 'model.onnx');
  if (latencyMs === null || trainSeconds === null) {
    return (
      <Card title="Cost">
        <p className="text-ink-soft text-sm">Unknown: the results were imported.</p>
      </Card>
    );
  }
  return (
    <Card title="Cost">
      <Facts>
        <Fact term="Latency, median">{formatMilliseconds(latencyMs.p50)}</Fact>
        <Fact term="Latency, 95th percentile">{formatMilliseconds(latencyMs.p95)}</Fact>
        <Fact term="Measured on">
          {latencyMs.hardware}, {formatPlural(latencyMs.images, 'image')}, one at a time, including
          decoding and post-processing
        </Fact>
        <Fact term="Training took">{formatDuration(trainSeconds)}</Fact>
        {graph === undefined ? null : <Fact term="model.onnx">{formatBytes(graph.bytes)}</Fact>}
      </Facts>
    </Card>
  );
}
