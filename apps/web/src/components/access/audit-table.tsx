/** @file Lines of the audit log. */
import type { AuditEvent, AuditOutcome } from '@plumbline/contracts';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '~/components/ui/status-badge.tsx';
import { TableBox, Td, Th } from '~/components/ui/table.tsx';
import { formatMoment } from '~/format/format-time.ts';

const TONES: Record<AuditOutcome, Tone> = {
  done: 'ok',
  refused: 'bad',
  failed: 'warn',
  unknown: 'neutral',
};

export function AuditTable({ events }: { events: readonly AuditEvent[] }) {
  return (
    <TableBox label="Audit log" stacked>
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Who</Th>
          <Th>What</Th>
          <Th>Outcome</Th>
          <Th>Of</Th>
          <Th>From</Th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <AuditLine key={event.id} event={event} />
        ))}
      </tbody>
    </TableBox>
  );
}

function AuditLine({ event }: { event: AuditEvent }) {
  const { at, actor, role, action, outcome, message, input, address, client } = event;
  return (
    <tr>
      <Th scope="row" className="font-normal">
        {formatMoment(at)}
      </Th>
      <Td label="Who">
        <Wrapped>
          {actor} <span className="text-ink-soft">({role})</span>
        </Wrapped>
      </Td>
      <Td label="What">
        <code className="font-mono text-xs">{action}</code>
      </Td>
      <Td label="Outcome">
        <Wrapped>
          <Badge tone={TONES[outcome]}>{outcome}</Badge>
          {message === null ? null : <span className="ml-2 text-ink-soft">{message}</span>}
        </Wrapped>
      </Td>
      <Td label="Of">
        <Wrapped>
          <code className="font-mono text-xs">{JSON.stringify(input)}</code>
        </Wrapped>
      </Td>
      <Td label="From">
        <Wrapped>
          {address} <span className="text-ink-soft text-xs">{client}</span>
        </Wrapped>
      </Td>
    </tr>
  );
}

/** Cells keep to one line otherwise. */
function Wrapped({ children }: { children: ReactNode }) {
  return <div className="max-w-72 whitespace-normal wrap-anywhere">{children}</div>;
}
