/** @file What this platform runs on. */
import type { SystemStatus } from '@plumbline/contracts';
import { Card } from '~/components/ui/card.tsx';
import { Fact, Facts } from '~/components/ui/stat.tsx';

export function SystemFacts({ status }: { status: SystemStatus }) {
  const alive = status.trainers.filter((trainer) => trainer.alive).length;
  return (
    <Card title="Platform">
      <Facts>
        <Fact term="Trainers">
          {alive === 0 ? 'none is running: runs wait until one is' : `${alive} alive`}
        </Fact>
        <Fact term="Hardware">{status.hardware}</Fact>
        <Fact term="Version">
          {status.version} <span className="font-mono text-xs">{status.codeVersion}</span>
        </Fact>
      </Facts>
    </Card>
  );
}
