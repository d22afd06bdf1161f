/** @file What becomes of suspects: those that are kept are remembered, the others make the next version. */
import {
  type DecidedSuspects,
  type DecideSuspects,
  DomainError,
  type ImportDatasetInput,
  type Suspect,
  type SuspectDecision,
  suspectChanges,
} from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { startImport } from '../datasets/start-import.ts';
import { claimOf } from '../idempotency/claim-of.ts';

const NOTE = 'Suspects looked through';

/** @throws DomainError NOT_FOUND; INVALID_INPUT naming an image that is no suspect; CONFLICT as an edit */
export function decideSuspects(
  context: Context,
  { name, decisions }: DecideSuspects,
): Promise<DecidedSuspects> {
  return applyDecisions(context, {
    ...{ name, decisions, note: NOTE },
    async suspects() {
      const { version, suspects } = await context.database.suspects.review({ name });
      return {
        listed: suspects.filter(({ state }) => state !== 'gone'),
        of: `${name} v${version}`,
        fix: `See \`plumb datasets suspects ${name}\`; change other images with \`plumb datasets edit ${name}\`.`,
      };
    },
  });
}

interface Decided extends DecideSuspects {
  /** Of the next version. */
  readonly note: string;
  /** What may be decided on. */
  suspects(): Promise<{
    readonly listed: readonly Suspect[];
    /** Whose they are, and what to do with other images: in words. */
    readonly of: string;
    readonly fix: string;
  }>;
}

/** @throws DomainError INVALID_INPUT naming an image that is no suspect; CONFLICT as an edit */
export async function applyDecisions(
  context: Context,
  { name, decisions, note, suspects }: Decided,
): Promise<DecidedSuspects> {
  const { database, principal } = context;
  const changes = suspectChanges(
    Object.fromEntries(decisions.map((one) => [one.path, one.choice])),
  );
  const input: ImportDatasetInput = { name, source: { kind: 'edit', changes, note } };
  const kept = decisions.filter(({ choice }) => choice === 'keep');
  // The first answer was lost: by now the images may be gone.
  const before = await database.idempotency.find(claimOf(context, 'datasets.import', input));
  if (before !== null) return { kept: kept.length, import: await database.imports.get(before) };
  const byPath = requireSuspects(await suspects(), decisions);
  const made = changes.length === 0 ? null : await startImport(context, input);
  const images = kept.flatMap(({ path }) => byPath.get(path) ?? []);
  await database.suspects.keep(
    name,
    images.map(({ category, sha256 }) => ({ category, sha256 })),
    principal.name,
  );
  return { kept: kept.length, import: made };
}

/** By path. */
function requireSuspects(
  { listed, of, fix }: Awaited<ReturnType<Decided['suspects']>>,
  decisions: readonly SuspectDecision[],
): Map<string, Suspect> {
  const byPath = new Map(listed.map((one) => [one.path, one]));
  for (const { path } of decisions)
    if (!byPath.has(path))
      throw new DomainError('INVALID_INPUT', `${path} is no suspect of ${of}.`, {
        field: 'decisions',
        fix,
      });
  return byPath;
}
