/** @file The choice of a role. */
import { ROLES, type Role, roleSchema } from '@plumbline/contracts';
import type { ComponentProps } from 'react';
import { Select } from '~/components/ui/field.tsx';

interface RoleSelectProps extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  value: Role;
  onChange: (role: Role) => void;
}

export function RoleSelect({ onChange, ...props }: RoleSelectProps) {
  return (
    <Select {...props} onChange={(event) => onChange(roleSchema.parse(event.target.value))}>
      {ROLES.map((role) => (
        <option key={role}>{role}</option>
      ))}
    </Select>
  );
}
