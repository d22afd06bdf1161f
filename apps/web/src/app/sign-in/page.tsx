/** @file Where one signs in, by email and password or by the platform's key: plain forms, which work without a script. */
import type { Metadata } from 'next';
import { buttonClass } from '~/components/ui/button-class.ts';
import { Field, Input } from '~/components/ui/field.tsx';
import { PageHeader } from '~/components/ui/page-header.tsx';
import { readEnv } from '~/env.ts';
import { localPath } from '~/server/local-path.ts';

export const metadata: Metadata = { title: 'Sign in' };

interface SignInPageProps {
  searchParams: Promise<{
    next?: string | string[];
    wrong?: string | string[];
    stays?: string | string[];
  }>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next, wrong, stays } = await searchParams;
  const after = localPath(next);
  if (stays !== undefined) return <StillSignedIn />;
  return (
    <>
      <PageHeader title="Sign in" />
      {wrong === undefined ? null : (
        <p role="alert" className="mb-5 max-w-md text-bad">
          That is wrong, or too many people try at once. Check it and try again in a few seconds.
        </p>
      )}
      <form action="/session" method="post" className="grid max-w-md gap-5">
        <input type="hidden" name="next" value={after} />
        <Field label="Email">
          {(wiring) => (
            <Input
              {...wiring}
              type="email"
              name="email"
              required
              autoComplete="username"
              autoFocus
            />
          )}
        </Field>
        <Field
          label="Password"
          hint="An admin makes users and sets passwords: plumb users create. This browser stays signed in for a week."
        >
          {(wiring) => (
            <Input
              {...wiring}
              type="password"
              name="password"
              required
              autoComplete="current-password"
            />
          )}
        </Field>
        <div>
          <button type="submit" className={buttonClass('primary')}>
            Sign in
          </button>
        </div>
      </form>
      {readEnv().apiKey === null ? null : <KeyForm next={after} />}
    </>
  );
}

/** The API could not end the session. */
function StillSignedIn() {
  return (
    <>
      <PageHeader title="Still signed in" />
      <p role="alert" className="mb-5 max-w-md text-bad">
        The API does not answer at the moment, so you could not be signed out. Try again in a few
        seconds.
      </p>
      <form action="/session" method="post">
        <input type="hidden" name="leave" value="true" />
        <button type="submit" className={buttonClass('primary')}>
          Sign out
        </button>
      </form>
    </>
  );
}

/** For the start, before there are users. */
function KeyForm({ next }: { next: string }) {
  return (
    <form action="/session" method="post" className="mt-10 grid max-w-md gap-5">
      <input type="hidden" name="next" value={next} />
      <Field
        label="Or the platform's API key"
        hint="The value of PLUMBLINE_API_KEY that the platform was started with. It is an admin's."
      >
        {(wiring) => <Input {...wiring} type="password" name="key" required autoComplete="off" />}
      </Field>
      <div>
        <button type="submit" className={buttonClass('secondary')}>
          Sign in with the key
        </button>
      </div>
    </form>
  );
}
