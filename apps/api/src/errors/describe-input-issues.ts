/** @file What is wrong with an input, in a sentence that names the field. */
import type { ErrorBody } from '@plumbline/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Describes the first issue; the fix names the other fields. */
export function describeInputIssues(issues: readonly Issue[]): ErrorBody {
  const [first] = issues;
  if (first === undefined) return invalid('The input is not valid.', null, null);
  const field = fieldOf(first);
  const others = [...new Set(issues.map(fieldOf))].filter(
    (name) => name !== null && name !== field,
  );
  const fix =
    others.length > 0
      ? `Correct ${others.map((name) => `"${name}"`).join(', ')} as well.`
      : 'See /docs for what it accepts.';
  return invalid(sentence(first, field), fix, field);
}

function sentence(issue: Issue, field: string | null): string {
  const subject = field === null ? 'The input' : `The field "${field}"`;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return `${subject} is missing.`;
  }
  const reason = issue.message.replace(/^Invalid input: /, '').replace(/\.$/, '');
  return `${subject} is not valid: ${reason}.`;
}

function fieldOf(issue: Issue): string | null {
  return issue.path.length === 0 ? null : issue.path.map(String).join('.');
}

function invalid(message: string, fix: string | null, field: string | null): ErrorBody {
  return { code: 'INVALID_INPUT', message, fix, file: null, field };
}
