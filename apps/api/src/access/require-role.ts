/** @file Refuses whoever has too low a role, and says which one is needed and how to get it. */
import { DomainError, isAtLeast, type Role } from '@plumbline/contracts';
import type { Principal } from './principal.ts';

/** @throws DomainError FORBIDDEN */
export function requireRole({ role, name }: Principal, least: Role): void {
  if (isAtLeast(role, least)) return;
  const ask = `plumb keys create --name <name> --role ${least}, or plumb users set-role <email> ${least}`;
  throw new DomainError(
    'FORBIDDEN',
    `This needs the role "${least}"; ${name} has the role "${role}".`,
    { fix: `Ask an admin for it: ${ask}` },
  );
}
