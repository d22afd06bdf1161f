/** @file What is barred or marked and why, once for all rows of which the same is said. */
import type { LeaderboardRow } from '@plumbline/contracts';

type NotedRow = Pick<LeaderboardRow, 'model' | 'modelVersion' | 'barred' | 'checks'>;

export interface RowNote {
  /** As in `parts v1`, in the order of the board. */
  readonly rows: readonly string[];
  /** Why they are not ranked, where none of the checks says it. */
  readonly refusal: string | null;
  /** Those that are not passed. */
  readonly checks: LeaderboardRow['checks'];
}

export function rowNotes(rows: readonly NotedRow[]): RowNote[] {
  const notes = new Map<string, RowNote & { rows: string[] }>();
  for (const { model, modelVersion, barred, checks: all } of rows) {
    const checks = all.filter(({ status }) => status !== 'passed');
    if (barred === null && checks.length === 0) continue;
    // A refusal for its images is no check of its own.
    const refusal = checks.some(({ status }) => status === 'barred') ? null : barred;
    const key = JSON.stringify([refusal, checks]);
    const note = notes.get(key) ?? { rows: [], refusal, checks };
    note.rows.push(`${model} v${modelVersion}`);
    notes.set(key, note);
  }
  return [...notes.values()];
}
