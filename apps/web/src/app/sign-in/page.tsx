/** @file Where the API key is entered: a plain form, which works without a script. */
import type { Metadata } from 'next';
import { buttonClass } from '~/components/ui/button-class.ts';
import { Field, Input } from '~/components/ui/field.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { localPath } from '~/server/local-path.ts';

export const metadata: Metadata = { title: 'Sign in' };

interface SignInPageProps {
  searchParams: Promise<{ next?: string | string[]; wrong?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next, wrong } = await searchParams;
  const error = wrong === undefined ? null : 'That is not the API key of this platform.';
  return (
    <>
      <PageHeader title="Sign in" />
      <form action="/session" method="post" className="mt-6 grid max-w-md gap-5">
        <input type="hidden" name="next" value={localPath(next)} />
        <Field
          label="API key"
          hint="The value of PLUMBLINE_API_KEY that the platform was started with. This browser stays signed in for a week."
          error={error}
        >
          {(wiring) => (
            <Input
              {...wiring}
              type="password"
              name="key"
              required
              autoComplete="current-password"
              autoFocus
            />
          )}
        </Field>
        <div>
          <button type="submit" className={buttonClass('primary')}>
            Sign in
          </button>
        </div>
      </form>
    </>
  );
}
