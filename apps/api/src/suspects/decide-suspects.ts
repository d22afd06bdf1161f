/** @file What becomes of suspects: those that are kept are remembered, the others make the next version. */
import {
  type DecidedSuspects,
  type DecideSuspects,
  DomainError,
  type ImportDatasetInput,
  type ReviewedSuspect,
  type SuspectReview,
  suspectChanges,
} from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { startImport } from '../datasets/start-import.ts';
import { claimOf } from '../idempotency/claim-of.ts';

const NOTE = 'Suspects looked through';

/** @throws DomainError NOT_FOUND; INVALID_INPUT naming an image that is no suspect; CONFLICT as an edit */
export async function decideSuspects(
  context: Context,
  { name, decisions }: DecideSuspects,
): Promise<DecidedSuspects> {
  const { database, principal } = context;
  const changes = suspectChanges(
    Object.fromEntries(decisions.map((one) => [one.path, one.choice])),
  );
  const input: ImportDatasetInput = { name, source: { kind: 'edit', changes, note: NOTE } };
  const kept = decisions.filter(({ choice }) => choice === 'keep');
  // The first answer was lost: by now the images may be gone.
  const before = await database.idempotency.find(claimOf(context, 'datasets.import', input));
  if (before !== null) return { kept: kept.length, import: await database.imports.get(before) };
  const suspects = suspectsOf(await database.suspects.review({ name }), decisions);
  const made = changes.length === 0 ? null : await startImport(context, input);
  const images = kept.flatMap(({ path }) => suspects.get(path) ?? []);
  await database.suspects.keep(
    name,
    images.map(({ category, sha256 }) => ({ category, sha256 })),
    principal.name,
  );
  return { kept: kept.length, import: made };
}

/** By path. */
function suspectsOf(
  { dataset, version, suspects }: SuspectReview,
  decisions: DecideSuspects['decisions'],
): Map<string, ReviewedSuspect> {
  const byPath = new Map(
    suspects.filter(({ state }) => state !== 'gone').map((one) => [one.path, one]),
  );
  for (const { path } of decisions)
    if (!byPath.has(path))
      throw new DomainError('INVALID_INPUT', `${path} is no suspect of ${dataset} v${version}.`, {
        field: 'decisions',
        fix: `See \`plumb datasets suspects ${dataset}\`; change other images with \`plumb datasets edit ${dataset}\`.`,
      });
  return byPath;
}
