/** @file Deletes something, once people have seen what goes with it. */
'use client';

import type { DeletionTarget } from '@plumbline/contracts';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import type { ButtonVariant } from '~/components/ui/button-class.ts';
import { Dialog } from '~/components/ui/dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';

interface DeleteButtonProps {
  target: DeletionTarget;
  /** As in `Delete the dataset nuts`; the button itself says less. */
  title: string;
  label: string;
  /** The page that is shown afterwards. */
  leaveTo: string;
  variant?: ButtonVariant;
}

export function DeleteButton({
  target,
  title,
  label,
  leaveTo,
  variant = 'danger',
}: DeleteButtonProps) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const mayDelete = useMay('engineer');
  const leave = () => {
    setOpen(false);
    router.push(leaveTo);
    router.refresh();
  };
  if (!mayDelete) return null;
  return (
    <>
      <Button variant={variant} aria-label={title} onClick={() => setOpen(true)}>
        <Trash2 aria-hidden="true" className="size-4" />
        {label}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`${title}?`}
        description="This can’t be undone."
      >
        <DeleteDialog target={target} onDeleted={leave} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}
