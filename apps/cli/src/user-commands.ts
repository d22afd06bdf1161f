/** @file `plumb users create|list|set-role|set-password|remove`: people who sign in to the dashboard. */
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { DomainError, passwordSchema, ROLES, roleSchema, type User } from '@plumbline/contracts';
import type { Command } from 'commander';
import { withPlatform } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { type Output, table } from './output.ts';

interface PasswordOption extends JsonOption {
  readonly passwordStdin?: boolean;
}

export function addUserCommands(program: Command): void {
  const users = program.command('users').description('people who sign in to the dashboard');
  withAction(
    users
      .command('create')
      .requiredOption('--email <email>', 'what they sign in with')
      .requiredOption('--role <role>', `what they may do: ${ROLES.join(', ')}`)
      .option('--password-stdin', 'read the password from standard input; one is made when absent')
      .description('let somebody sign in; works before the platform may listen for other machines'),
    create,
  );
  withAction(users.command('list').description('list everyone who may sign in'), list);
  withAction(
    users
      .command('set-role')
      .argument('<email>')
      .argument('<role>', ROLES.join(', '))
      .description('give somebody another role, at once'),
    setRole,
  );
  withAction(
    users
      .command('set-password')
      .argument('<email>')
      .option('--password-stdin', 'read the password from standard input; one is made when absent')
      .description('give somebody another password; their sessions end'),
    setPassword,
  );
  withAction(
    users.command('remove').argument('<email>').description('remove somebody; their sessions end'),
    remove,
  );
}

interface CreateOptions extends PasswordOption {
  readonly email: string;
  readonly role: string;
}

async function create(output: Output, options: CreateOptions): Promise<void> {
  const { email } = options;
  const role = readRole(options.role);
  const { password, made } = await readPassword(options);
  const user = await withPlatform(output, (api) =>
    api.users.create.mutate({ email, role, password }),
  );
  output.result({ ...user, ...made }, (result) =>
    [`${result.email} may sign in as ${result.role}.`, ...passwordLines(made)].join('\n'),
  );
}

async function list(output: Output): Promise<void> {
  const users = await withPlatform(output, (api) => api.users.list.query());
  output.result(users, (found) => (found.length === 0 ? NOBODY : describeUsers(found)));
}

const NOBODY =
  'There are no users. Make the first: plumb users create --email you@example.com --role admin';

function describeUsers(users: readonly User[]): string {
  return table(
    ['email', 'role', 'signed in', 'made', 'by'],
    users.map(({ email, role, signedInAt, createdAt, createdBy }) => [
      email,
      role,
      signedInAt?.slice(0, 16) ?? 'never',
      createdAt.slice(0, 16),
      createdBy,
    ]),
  );
}

async function setRole(output: Output, email: string, name: string): Promise<void> {
  const role = readRole(name);
  const user = await withPlatform(output, (api) => api.users.setRole.mutate({ email, role }));
  output.result(user, (result) => `${result.email} has the role ${result.role} now.`);
}

async function setPassword(output: Output, email: string, options: PasswordOption): Promise<void> {
  const { password, made } = await readPassword(options);
  const user = await withPlatform(output, (api) =>
    api.users.setPassword.mutate({ email, password }),
  );
  output.result({ ...user, ...made }, (result) =>
    [`${result.email} has another password, and is signed out.`, ...passwordLines(made)].join('\n'),
  );
}

async function remove(output: Output, email: string): Promise<void> {
  const user = await withPlatform(output, (api) => api.users.remove.mutate({ email }));
  output.result(user, (result) => `${result.email} may no longer sign in, and is signed out.`);
}

function readRole(name: string) {
  const role = roleSchema.safeParse(name);
  if (role.success) return role.data;
  throw new DomainError('INVALID_INPUT', `There is no role "${name}".`, {
    field: 'role',
    fix: `Use ${ROLES.join(', ')}.`,
  });
}

interface Password {
  readonly password: string;
  /** What is shown: only of one that was made here. */
  readonly made: { readonly password?: string };
}

async function readPassword({ passwordStdin }: PasswordOption): Promise<Password> {
  if (passwordStdin !== true) {
    const password = randomBytes(15).toString('base64url');
    return { password, made: { password } };
  }
  const password = (await text(process.stdin)).split(/\r?\n/)[0] ?? '';
  const known = passwordSchema.safeParse(password);
  if (known.success) return { password, made: {} };
  throw new DomainError('INVALID_INPUT', 'The password is too short or too long.', {
    field: 'password',
    fix: known.error.issues[0]?.message ?? 'Use 12 to 200 characters.',
  });
}

function passwordLines({ password }: Password['made']): string[] {
  if (password === undefined) return [];
  return [`Password: ${password}`, 'Keep it now: it is not shown again.'];
}
