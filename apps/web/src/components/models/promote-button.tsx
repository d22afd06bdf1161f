/** @file Makes a version the one that answers predictions, once the two have been looked at side by side. */
'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import type { ButtonVariant } from '~/components/ui/button-class.ts';
import { Dialog } from '~/components/ui/dialog.tsx';
import { PromotionDialog } from './promotion-dialog.tsx';

interface PromoteButtonProps {
  model: string;
  version: number;
  /** In place of "Promote". */
  label?: string;
  variant?: ButtonVariant;
}

export function PromoteButton({
  model,
  version,
  label,
  variant = 'secondary',
}: PromoteButtonProps) {
  const router = useRouter();
  const mayPromote = useMay('engineer');
  const [open, setOpen] = useState(false);
  const [changed, setChanged] = useState(false);
  const close = () => {
    setOpen(false);
    // Only now: with new data this button, and the dialog with its way back, may be gone.
    if (changed) router.refresh();
    setChanged(false);
  };
  if (!mayPromote) return null;
  return (
    <>
      <Button variant={variant} onClick={() => setOpen(true)}>
        {label ?? (
          <>
            Promote<span className="sr-only"> version {version}</span>
          </>
        )}
      </Button>
      <Dialog
        wide
        open={open}
        onOpenChange={(next) => (next ? setOpen(true) : close())}
        title={`Promote ${model} version ${version}?`}
        description="The promoted version answers predictions that name no version."
      >
        <PromotionDialog
          model={model}
          version={version}
          onChanged={() => setChanged(true)}
          onClose={close}
        />
      </Dialog>
    </>
  );
}
