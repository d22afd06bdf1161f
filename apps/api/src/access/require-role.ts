/** @file Refuses whoever has too low a role, and says which one is needed and how to get it. */
import { DomainError, isAtLeast, type Role, withArticle } from '@plumbline/contracts';
import type { Principal } from './principal.ts';

/** @throws DomainError FORBIDDEN */
export function requireRole({ role, name }: Principal, least: Role): void {
  if (isAtLeast(role, least)) return;
  throw new DomainError(
    'FORBIDDEN',
    `This needs the role "${least}"; ${name} has the role "${role}".`,
    {
      fix: `Ask an admin for a key of ${withArticle(least)}: plumb keys create --name <name> --role ${least}`,
    },
  );
}
