/** @file Makes an API key, and shows its secret: the only time that anyone sees it. */
'use client';

import type { CreatedApiKey } from '@plumbline/contracts';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { CopyButton } from '~/components/ui/copy-button.tsx';
import { Dialog } from '~/components/ui/dialog.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { CreateKeyForm } from './create-key-form.tsx';

export function CreateKeyButton() {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const close = () => {
    setOpen(false);
    setMade(null);
    router.refresh();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Make a key</Button>
      <Dialog
        open={open}
        onOpenChange={(next) => (next ? setOpen(true) : close())}
        title={made === null ? 'Make an API key' : `The key "${made.name}"`}
        description="One key for each line or program: you can then revoke one without stopping the others."
      >
        {made === null ? (
          <CreateKeyForm onMade={setMade} onCancel={close} />
        ) : (
          <MadeKey made={made} onClose={close} />
        )}
      </Dialog>
    </>
  );
}

function MadeKey({ made, onClose }: { made: CreatedApiKey; onClose: () => void }) {
  return (
    <div className="space-y-4">
      <Notice>Copy the key now. It is not stored and not shown again.</Notice>
      <p role="status" className="rounded-md bg-sunken p-3 font-mono text-sm break-all">
        {made.secret}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <CopyButton text={made.secret} label="Copy key" />
        <Button onClick={onClose}>Done</Button>
      </div>
    </div>
  );
}
