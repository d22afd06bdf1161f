/** @file States of forms and of what opens over a page. */
'use client';

import { useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ConfirmDialog } from '~/components/ui/confirm-dialog.tsx';
import { Dialog } from '~/components/ui/dialog.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { RadioCards } from '~/components/ui/radio-cards.tsx';
import { State, StateGroup } from './state-group.tsx';

const CHOICES = [
  { value: 'quick', label: 'Quick', hint: 'Minutes on two cores.' },
  { value: 'paper', label: 'Paper', hint: 'As published.' },
] as const;

export function OverlayStates() {
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState<'quick' | 'paper'>('quick');
  return (
    <StateGroup title="Forms and dialogs">
      <State name="Field: with a hint, with an error, disabled, a choice">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" hint="Lowercase letters, digits and hyphens.">
            {(wiring) => <Input {...wiring} placeholder="parts" />}
          </Field>
          <Field label="Seed" error="Give a whole number from 0 to 4294967295.">
            {(wiring) => <Input {...wiring} defaultValue="-1" />}
          </Field>
          <Field label="Disabled">{(wiring) => <Input {...wiring} disabled value="fixed" />}</Field>
          <Field label="Category">
            {(wiring) => (
              <Select {...wiring}>
                <option>bottle</option>
                <option>cable</option>
              </Select>
            )}
          </Field>
        </div>
      </State>
      <State name="RadioCards: enabled, disabled">
        <div className="grid gap-4 sm:grid-cols-2">
          <RadioCards legend="Preset" choices={CHOICES} value={choice} onChange={setChoice} />
          <RadioCards
            legend="Preset"
            choices={CHOICES}
            value="paper"
            onChange={setChoice}
            disabled
          />
        </div>
      </State>
      <State name="Dialog, ConfirmDialog">
        <div className="flex gap-2">
          <Button variant="secondary" onClick={() => setOpen(true)}>
            Open a dialog
          </Button>
          <ConfirmDialog
            trigger={<Button variant="danger">Delete</Button>}
            title="Delete this?"
            description="It can't be restored."
            confirmLabel="Delete"
            cancelLabel="Keep it"
            onConfirm={() => {}}
          />
        </div>
        <Dialog open={open} onOpenChange={setOpen} title="A dialog" description="Escape closes it.">
          <p>What it is about.</p>
        </Dialog>
      </State>
    </StateGroup>
  );
}
