/** @file States of what every page is made of. */

import { Button } from '~/components/ui/button.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { Card } from '~/components/ui/card.tsx';
import { CopyButton } from '~/components/ui/copy-button.tsx';
import { Disclosure } from '~/components/ui/disclosure.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { MetricValue } from '~/components/ui/metric-value.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { PageSkeleton } from '~/components/ui/skeleton.tsx';
import { Fact, Facts, StatLink } from '~/components/ui/stat.tsx';
import { Badge, LabelBadge, StatusBadge } from '~/components/ui/status-badge.tsx';
import { numeric, TableBox, Td, Th } from '~/components/ui/table.tsx';
import { TextLink } from '~/components/ui/text-link.tsx';
import { MADE_UP_ERROR } from './made-up.ts';
import { State, StateGroup } from './state-group.tsx';

const VARIANTS = ['primary', 'secondary', 'quiet', 'danger'] as const;
const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
const TONES = ['neutral', 'accent', 'ok', 'warn', 'bad'] as const;

export function BasicStates() {
  return (
    <>
      <ButtonsAndBadges />
      <EmptyAndFailed />
      <FactsAndProgress />
    </>
  );
}

function ButtonsAndBadges() {
  return (
    <StateGroup title="Buttons, badges, links">
      <State name="Button: each variant, enabled and disabled">
        <div className="flex flex-wrap gap-2">
          {VARIANTS.map((variant) => (
            <span key={variant} className="flex gap-2">
              <Button variant={variant}>{variant}</Button>
              <Button variant={variant} disabled>
                {variant}
              </Button>
            </span>
          ))}
          <ButtonLink href="/dev/states">link</ButtonLink>
          <CopyButton text="copied" />
        </div>
      </State>
      <State name="StatusBadge, LabelBadge, Badge">
        <div className="flex flex-wrap gap-2">
          {STATUSES.map((status) => (
            <StatusBadge key={status} status={status} />
          ))}
          <LabelBadge label="normal" />
          <LabelBadge label="anomalous" />
          {TONES.map((tone) => (
            <Badge key={tone} tone={tone}>
              {tone}
            </Badge>
          ))}
        </div>
      </State>
      <State name="TextLink">
        <TextLink href="/dev/states">A link in running text</TextLink>
      </State>
    </StateGroup>
  );
}

function EmptyAndFailed() {
  return (
    <StateGroup title="Empty, loading, failed">
      <State name="EmptyState">
        <EmptyState title="No models yet" actions={<Button>Start a run</Button>}>
          A model appears here when its first training run has finished.
        </EmptyState>
      </State>
      <State name="PageSkeleton">
        <PageSkeleton />
      </State>
      <State name="ErrorNotice">
        <ErrorNotice error={MADE_UP_ERROR} title="“parts” was not imported" />
      </State>
      <State name="Notice">
        <Notice>Four categories have fewer than 10 normal images.</Notice>
      </State>
      <LoadFailure title="LoadFailure" error={MADE_UP_ERROR} />
    </StateGroup>
  );
}

function FactsAndProgress() {
  return (
    <StateGroup title="Facts, tables, progress">
      <State name="ProgressBar: known, unknown, done">
        <div className="space-y-3">
          <ProgressBar label="Uploading" value={0.42} detail="about 12 s left" />
          <ProgressBar label="Opening" value={null} />
          <ProgressBar label="Checked" value={1} />
        </div>
      </State>
      <State name="StatLink, Facts">
        <div className="grid gap-4 sm:grid-cols-2">
          <StatLink label="Datasets" value="3" href="/datasets" />
          <Card title="Card" description="What it is about." actions={<Button>Act</Button>}>
            <Facts>
              <Fact term="Backbone">standard</Fact>
              <Fact term="A long one">v1-{'0123456789abcdef'.repeat(4)}</Fact>
            </Facts>
          </Card>
        </div>
      </State>
      <State name="TableBox with MetricValue">
        <MetricTable />
      </State>
      <Disclosure summary="Disclosure">What is there for whoever wants it.</Disclosure>
    </StateGroup>
  );
}

function MetricTable() {
  return (
    <TableBox label="Metrics" stacked>
      <thead>
        <tr>
          <Th>Category</Th>
          <Th className={numeric}>Image AUROC</Th>
          <Th className={numeric}>Pixel AUROC</Th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <Th scope="row">bottle</Th>
          <Td label="Image AUROC" className={numeric}>
            <MetricValue metric="imageAuroc" value={0.987} />
          </Td>
          <Td label="Pixel AUROC" className={numeric}>
            <MetricValue metric="pixelAuroc" value={null} />
          </Td>
        </tr>
      </tbody>
    </TableBox>
  );
}
