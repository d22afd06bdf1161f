/** @file The scores of one category and its threshold lines. */
'use client';

import { type ExplicitThreshold, type SimulatedRate, simulatedWords } from '@plumbline/contracts';
import { useId, useMemo } from 'react';
import { Card } from '~/components/ui/card.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { type CategoryScores, scoreScale } from './score-scale.ts';
import { ScoreTracks } from './score-tracks.tsx';
import { ThresholdHandle } from './threshold-handle.tsx';

/** A new band begins this share of the axis below the threshold. */
const NEW_BAND = 0.1;

interface CategoryPanelProps {
  scores: CategoryScores;
  cuts: ExplicitThreshold;
  /** False alarms that the threshold gives in simulations. */
  simulated: SimulatedRate | undefined;
  /** The axis holds these at least, whatever is being moved. */
  savedCuts: readonly number[];
  onChange: (cuts: ExplicitThreshold) => void;
}

export function CategoryPanel({
  scores,
  cuts,
  simulated,
  savedCuts,
  onChange,
}: CategoryPanelProps) {
  const { category } = scores;
  const scale = useMemo(() => scoreScale(scores, savedCuts), [scores, savedCuts]);
  const { imageThreshold, uncertainThreshold } = cuts;
  const step = (scale.high - scale.low) / 1000;

  const setThreshold = (value: number) =>
    onChange({
      imageThreshold: value,
      ...(uncertainThreshold === undefined
        ? {}
        : { uncertainThreshold: Math.min(uncertainThreshold, value - step) }),
    });
  const setUncertain = (value: number) =>
    onChange({ imageThreshold, uncertainThreshold: Math.min(value, imageThreshold - step) });
  const band = { uncertainThreshold: imageThreshold - NEW_BAND * (scale.high - scale.low) };
  const toggleBand = (on: boolean) => onChange({ imageThreshold, ...(on ? band : {}) });

  return (
    <Card title={category}>
      <div className="relative pb-6">
        <ScoreTracks scores={scores} scale={scale} />
        {uncertainThreshold === undefined ? null : (
          <ThresholdHandle
            label={`${category}: uncertain from (T1)`}
            mark="T1"
            dashed
            value={uncertainThreshold}
            scale={scale}
            onMove={setUncertain}
          />
        )}
        <ThresholdHandle
          label={`${category}: anomalous from (${uncertainThreshold === undefined ? 'T' : 'T2'})`}
          mark={uncertainThreshold === undefined ? 'T' : 'T2'}
          value={imageThreshold}
          scale={scale}
          onMove={setThreshold}
        />
      </div>
      <div className="mt-2 grid grid-cols-2 gap-3">
        <NumberField label="Anomalous from" value={imageThreshold} onChange={setThreshold} />
        {uncertainThreshold === undefined ? null : (
          <NumberField label="Uncertain from" value={uncertainThreshold} onChange={setUncertain} />
        )}
      </div>
      <SimulatedLine simulated={simulated} />
      <BandSwitch
        category={category}
        isOn={uncertainThreshold !== undefined}
        onToggle={toggleBand}
      />
    </Card>
  );
}

function SimulatedLine({ simulated }: Pick<CategoryPanelProps, 'simulated'>) {
  if (simulated === undefined) return null;
  return (
    <p className="mt-2 text-ink-soft text-sm">
      Simulated false alarms: {simulatedWords(simulated)}
    </p>
  );
}

interface BandSwitchProps {
  category: string;
  isOn: boolean;
  onToggle: (on: boolean) => void;
}

function BandSwitch({ category, isOn, onToggle }: BandSwitchProps) {
  const id = useId();
  return (
    <label htmlFor={id} className="mt-3 flex items-center gap-2 text-sm">
      <input
        id={id}
        type="checkbox"
        checked={isOn}
        onChange={(event) => onToggle(event.target.checked)}
        className="size-4 accent-accent"
      />
      Uncertain band <span className="sr-only">of {category}</span>
    </label>
  );
}

interface NumberFieldProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
}

function NumberField({ label, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label}>
      {(wiring) => (
        <Input
          {...wiring}
          type="number"
          step="any"
          value={Number(value.toPrecision(6))}
          onChange={(event) => {
            if (Number.isFinite(event.target.valueAsNumber)) onChange(event.target.valueAsNumber);
          }}
        />
      )}
    </Field>
  );
}
