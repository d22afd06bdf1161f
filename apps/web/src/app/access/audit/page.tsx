/** @file The audit log, page by page. */
import { listAuditInput } from '@plumbline/contracts';
import type { Metadata } from 'next';
import { AccessTabs } from '~/components/access/access-tabs.tsx';
import { AuditTable } from '~/components/access/audit-table.tsx';
import { ButtonLink } from '~/components/ui/button-link.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Audit log' };

interface AuditPageProps {
  searchParams: Promise<{ before?: string | string[] }>;
}

export default async function AuditPage({ searchParams }: AuditPageProps) {
  const { before } = await searchParams;
  // An address that was typed wrong shows the newest.
  const { data: older = {} } = listAuditInput.safeParse({ before: Number(before) });
  const result = await load(api().audit.list.query(older));
  if (!result.ok) return <LoadFailure title="Audit log" error={result.error} />;
  const { events, next } = result.data;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who changed what, when, from where and how it ended, newest first. Also what was refused because the role did not allow it."
      />
      <AccessTabs current="/access/audit" />
      {events.length === 0 ? (
        <EmptyState title="Nothing here">
          What anyone changes on this platform is written down here.
        </EmptyState>
      ) : (
        <AuditTable events={events} />
      )}
      <nav aria-label="Pages" className="mt-4 flex flex-wrap gap-2">
        {before === undefined ? null : (
          <ButtonLink variant="secondary" href="/access/audit">
            Newest
          </ButtonLink>
        )}
        {next === null ? null : (
          <ButtonLink variant="secondary" href={`/access/audit?before=${next}`}>
            Older
          </ButtonLink>
        )}
      </nav>
    </>
  );
}
