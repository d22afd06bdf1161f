/** @file `users.*`: people who sign in to the dashboard. */
import { randomUUID } from 'node:crypto';
import {
  createUserInput,
  setUserPasswordInput,
  setUserRoleInput,
  userInput,
  userSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { adminProcedure, router } from '../trpc.ts';
import { hashPassword } from './passwords.ts';

const tags = ['access'];
const base = '/v1/users' as const;

export const usersRouter = router({
  list: adminProcedure
    .meta({ openapi: { method: 'GET', path: base, tags, summary: 'Everyone who may sign in' } })
    .input(z.void())
    .output(z.array(userSchema))
    .query(({ ctx }) => ctx.database.users.list()),

  create: adminProcedure
    .meta({ openapi: { method: 'POST', path: base, tags, summary: 'Let somebody sign in' } })
    .input(createUserInput)
    .output(userSchema)
    .mutation(async ({ ctx: { database, principal }, input: { email, role, password } }) =>
      database.users.create({
        id: randomUUID(),
        email,
        role,
        password: await hashPassword(password),
        createdBy: principal.name,
      }),
    ),

  setRole: adminProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: `${base}/{email}/role`,
        tags,
        summary: 'Give somebody another role, from the next request on; not the last admin',
      },
    })
    .input(setUserRoleInput)
    .output(userSchema)
    .mutation(async ({ ctx: { database, credentials }, input: { email, role } }) => {
      const user = await database.users.setRole(email, role);
      credentials.changed();
      return user;
    }),

  setPassword: adminProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: `${base}/{email}/password`,
        tags,
        summary: 'Give somebody another password; their sessions end',
      },
    })
    .input(setUserPasswordInput)
    .output(userSchema)
    .mutation(async ({ ctx: { database, credentials }, input: { email, password } }) => {
      const user = await database.users.setPassword(email, await hashPassword(password));
      credentials.changed();
      return user;
    }),

  remove: adminProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: `${base}/{email}/remove`,
        tags,
        summary: 'Remove somebody; their sessions end. Not the last admin',
      },
    })
    .input(userInput)
    .output(userSchema)
    .mutation(async ({ ctx: { database, credentials }, input: { email } }) => {
      const user = await database.users.remove(email);
      credentials.changed();
      return user;
    }),
});
