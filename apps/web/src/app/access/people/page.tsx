/** @file People who sign in to the dashboard, and their roles. */
import type { Metadata } from 'next';
import { AccessTabs } from '~/components/access/access-tabs.tsx';
import { AddUserForm } from '~/components/access/add-user-form.tsx';
import { UserTable } from '~/components/access/user-table.tsx';
import { Card } from '~/components/ui/card.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'People' };

export default async function PeoplePage() {
  const result = await load(api().users.list.query());
  if (!result.ok) return <LoadFailure title="People" error={result.error} />;
  return (
    <>
      <PageHeader
        title="People"
        description="Who signs in to this dashboard, and what each may do. On this machine alone, while the platform answers nobody else, no one has to sign in."
      />
      <AccessTabs current="/access/people" />
      <div className="space-y-6">
        {result.data.length === 0 ? (
          <EmptyState title="No people yet">
            Let the first one be an admin: a platform that other machines reach does not start
            without one.
          </EmptyState>
        ) : (
          <UserTable users={result.data} />
        )}
        <Card title="Let somebody sign in" description="Tell them the password yourself.">
          <AddUserForm />
        </Card>
      </div>
    </>
  );
}
