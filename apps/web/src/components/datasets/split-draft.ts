/** @file A split as somebody writes it into the form for an import. */
import { type DatasetImportOptions, splitRuleSchema } from '@plumbline/contracts';

export interface SplitDraft {
  readonly testShare: string;
  readonly groupBy: string;
}

export const NO_SPLIT: SplitDraft = { testShare: '', groupBy: '' };

export interface CheckedSplit {
  /** Empty where nothing is asked for, or nothing that can be read. */
  readonly split: Pick<DatasetImportOptions, 'split'>;
  readonly problems: { readonly share: string | null; readonly group: string | null };
}

export function checkSplit({ testShare, groupBy }: SplitDraft): CheckedSplit {
  const share = testShare.trim().replace(',', '.');
  const group = groupBy === '' ? null : groupProblem(groupBy);
  if (share === '') {
    const missing = groupBy === '' ? null : 'Give a share of images to test with, such as 0.2.';
    return { split: {}, problems: { share: missing, group } };
  }
  const rule = { testShare: Number(share), ...(groupBy === '' ? {} : { groupBy }) };
  const parsed = splitRuleSchema.safeParse(rule);
  const issue = parsed.error?.issues[0];
  const problems = {
    share: issue?.path[0] === 'testShare' ? issue.message : null,
    group: issue?.path[0] === 'groupBy' ? issue.message : group,
  };
  const isSound = parsed.success && group === null;
  return { split: isSound ? { split: parsed.data } : {}, problems };
}

/** The import says so too, but only once the files are there. */
function groupProblem(pattern: string): string | null {
  try {
    // With an empty alternative it always matches, and says how many groups there are.
    const groups = (new RegExp(`${pattern}|`, 'u').exec('')?.length ?? 1) - 1;
    return groups === 1 ? null : 'Put parentheses around the one part that names the group.';
  } catch {
    return 'This is not a regular expression.';
  }
}
