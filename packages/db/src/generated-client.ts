/** @file Whether Prisma's generated client is of the schema that is here: with an older one, queries fail one by one. */
import { readFile } from 'node:fs/promises';
import { DomainError } from '@plumbline/contracts';

export interface ClientFiles {
  readonly schema: string | URL;
  /** The generated file that quotes the schema. */
  readonly client: string | URL;
}

const FILES: ClientFiles = {
  schema: new URL('../prisma/schema.prisma', import.meta.url),
  client: new URL('./generated/prisma/internal/class.ts', import.meta.url),
};

/** @throws DomainError UNAVAILABLE when the client was generated from another schema. */
export async function requireGeneratedClient(files: ClientFiles = FILES): Promise<void> {
  const [schema, client] = await Promise.all([
    readFile(files.schema, 'utf8'),
    readFile(files.client, 'utf8'),
  ]);
  const quoted = /"inlineSchema": ("(?:[^"\\]|\\.)*")/.exec(client)?.[1];
  if (quoted !== undefined && withoutSpacing(JSON.parse(quoted)) === withoutSpacing(schema)) return;
  throw new DomainError(
    'UNAVAILABLE',
    'The database client was generated from another schema than the one that is here now.',
    { fix: 'Generate it with "npm run setup".' },
  );
}

/** Prisma aligns what it quotes. */
function withoutSpacing(schema: string): string {
  return schema.replace(/\s+/g, ' ').trim();
}
