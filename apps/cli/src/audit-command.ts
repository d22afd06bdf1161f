/** @file `plumb audit`: who changed what. */
import {
  AUDIT_OUTCOMES,
  type AuditPage,
  auditOutcomeSchema,
  DomainError,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { type Output, table } from './output.ts';
import { wholeNumber } from './version-number.ts';

/** Of the input, in a table. */
const LONGEST = 60;

export function addAuditCommand(program: Command): void {
  withAction(
    program
      .command('audit')
      .option('--limit <count>', 'lines per page', '50')
      .option('--before <id>', 'the page of what is older than this line')
      .option('--actor <name>', 'of one key or person only, by the name in the list')
      .option('--action <name>', 'of one kind only, such as models.promote')
      .option('--outcome <outcome>', AUDIT_OUTCOMES.join(', '))
      .description('show who changed what, when, from where and how it ended, newest first'),
    audit,
  );
}

interface AuditOptions extends JsonOption {
  readonly limit: string;
  readonly before?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly outcome?: string;
}

async function audit(output: Output, options: AuditOptions): Promise<void> {
  const { limit, before, actor, action, outcome } = options;
  const known = auditOutcomeSchema.optional().safeParse(outcome);
  if (!known.success) {
    throw new DomainError('INVALID_INPUT', `There is no outcome "${outcome}".`, {
      field: 'outcome',
      fix: `Use ${AUDIT_OUTCOMES.join(', ')}.`,
    });
  }
  const { api } = await connect(output);
  const page = await api.audit.list.query({
    limit: wholeNumber(limit, 'limit'),
    ...(before === undefined ? {} : { before: wholeNumber(before, 'before') }),
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(known.data === undefined ? {} : { outcome: known.data }),
  });
  output.result(page, describePage);
}

function describePage({ events, next }: AuditPage): string {
  if (events.length === 0) return 'Nothing is written down.';
  const lines = table(
    ['id', 'when', 'who', 'role', 'what', 'outcome', 'of'],
    events.map(({ id, at, actor, role, action, outcome, input }) => [
      id,
      at.slice(0, 19),
      actor,
      role,
      action,
      outcome,
      shorten(JSON.stringify(input)),
    ]),
  );
  return next === null ? lines : `${lines}\nOlder: plumb audit --before ${next}`;
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
