/** @file `plumb keys create|list|revoke`: what programs ask the API with. */
import {
  type ApiKey,
  apiKeyState,
  type CreatedApiKey,
  DomainError,
  ROLES,
  roleSchema,
  withArticle,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect, withPlatform } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { readExpiry } from './expiry.ts';
import { type Output, table } from './output.ts';

export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('API keys: one per line or program');
  withAction(
    keys
      .command('create')
      .requiredOption('--name <name>', 'what it is for, such as line-3')
      .requiredOption('--role <role>', `what it may do: ${ROLES.join(', ')}`)
      .option('--expires <when>', '12h, 90d, 4w or a date; never when absent')
      .description('make a key and show its secret, once'),
    create,
  );
  withAction(keys.command('list').description('list all keys, without their secrets'), list);
  withAction(
    keys
      .command('revoke')
      .argument('<key>', 'its name or id')
      .description('end a key: nobody is answered for it any more'),
    revoke,
  );
}

interface CreateOptions extends JsonOption {
  readonly name: string;
  readonly role: string;
  readonly expires?: string;
}

async function create(output: Output, { name, role, expires }: CreateOptions): Promise<void> {
  const known = roleSchema.safeParse(role);
  if (!known.success) {
    throw new DomainError('INVALID_INPUT', `There is no role "${role}".`, {
      field: 'role',
      fix: `Use ${ROLES.join(', ')}.`,
    });
  }
  const expiresAt = expires === undefined ? null : readExpiry(expires);
  const made = await withPlatform(output, (api) =>
    api.keys.create.mutate({ name, role: known.data, expiresAt }),
  );
  output.result(made, describeMade);
}

function describeMade({ name, role, expiresAt, secret }: CreatedApiKey): string {
  return [
    secret,
    '',
    `The key "${name}" is ${withArticle(role)}'s and ${expiresAt === null ? 'does not expire' : `expires at ${expiresAt.slice(0, 16)} UTC`}. Keep it now: it is not shown again.`,
    'Send it as "Authorization: Bearer <key>", or set PLUMBLINE_API_KEY for plumb.',
  ].join('\n');
}

async function list(output: Output): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.keys.list.query(), describeKeys);
}

function describeKeys(keys: readonly ApiKey[]): string {
  if (keys.length === 0)
    return 'There are no keys. Make one: plumb keys create --name <name> --role operator';
  return table(
    ['name', 'role', 'begins', 'state', 'expires', 'last used', 'made', 'by'],
    keys.map((key) => [
      key.name,
      key.role,
      `${key.start}…`,
      apiKeyState(key),
      key.expiresAt?.slice(0, 16) ?? 'never',
      key.lastUsedAt?.slice(0, 16) ?? 'never',
      key.createdAt.slice(0, 16),
      key.createdBy,
    ]),
  );
}

async function revoke(output: Output, key: string): Promise<void> {
  const { api } = await connect(output);
  output.result(
    await api.keys.revoke.mutate({ key }),
    ({ name }) => `The key "${name}" is revoked: nobody is answered for it any more.`,
  );
}
