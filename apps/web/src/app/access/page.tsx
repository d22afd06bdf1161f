/** @file API keys: who may ask as what. */
import type { Metadata } from 'next';
import { AccessTabs } from '~/components/access/access-tabs.tsx';
import { CreateKeyButton } from '~/components/access/create-key-button.tsx';
import { KeyTable } from '~/components/access/key-table.tsx';
import { EmptyState } from '~/components/ui/empty-state.tsx';
import { LoadFailure } from '~/components/ui/load-failure.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { load } from '~/trpc/load.ts';
import { api } from '~/trpc/server.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'API keys' };

export default async function KeysPage() {
  const result = await load(api().keys.list.query());
  if (!result.ok) return <LoadFailure title="API keys" error={result.error} />;
  return (
    <>
      <PageHeader
        title="API keys"
        description="What production lines and programs ask the API with. Each key has a role; its secret is shown once."
        actions={<CreateKeyButton />}
      />
      <AccessTabs current="/access" />
      {result.data.length === 0 ? (
        <EmptyState title="No keys yet">
          Make one for each line or program that asks the API. A line that inspects images needs the
          role operator.
        </EmptyState>
      ) : (
        <KeyTable keys={result.data} />
      )}
    </>
  );
}
