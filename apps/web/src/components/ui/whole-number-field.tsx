/** @file A field for a whole number from 0 on. What is typed stays text until the form is sent. */
import { Field, Input } from './field.tsx';

interface WholeNumberFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string | null | undefined;
  disabled?: boolean;
}

export function WholeNumberField({
  value,
  onChange,
  disabled = false,
  ...field
}: WholeNumberFieldProps) {
  return (
    <Field {...field}>
      {(wiring) => (
        <Input
          {...wiring}
          type="number"
          min={0}
          step={1}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
