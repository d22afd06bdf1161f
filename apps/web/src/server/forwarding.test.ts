/** @file Tests of what goes on to the API and what does not. */
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { apiAddress, requestHeaders, responseHeaders } from './forwarding.ts';
import { isCrossSite } from './is-cross-site.ts';

const API = 'http://127.0.0.1:4400';

describe('apiAddress', () => {
  it('keeps path and query as they are', () => {
    expect(apiAddress('http://x/api/v1/models/a%2Fb/predict?heatmap=true', API)).toBe(
      `${API}/v1/models/a%2Fb/predict?heatmap=true`,
    );
    expect(apiAddress('http://x/api/trpc/runs.get?batch=1', API)).toBe(
      `${API}/trpc/runs.get?batch=1`,
    );
  });
  it('leads nowhere else', () => {
    expect(apiAddress('http://x/api/metrics', API)).toBeNull();
    expect(apiAddress('http://x/api/v1/../secret', API)).toBeNull();
    expect(apiAddress('http://x/api//other.example/v1/', API)).toBeNull();
  });
});

describe('requestHeaders', () => {
  it('replaces credentials by what was granted and keeps those of an upload', () => {
    const incoming = new Headers({
      authorization: 'Bearer theirs',
      cookie: 'a=b',
      'upload-offset': '5',
    });
    const headers = requestHeaders(incoming, 'Bearer ours');
    expect(headers.get('authorization')).toBe('Bearer ours');
    expect(headers.get('cookie')).toBeNull();
    expect(headers.get('upload-offset')).toBe('5');
    expect(requestHeaders(incoming, null).get('authorization')).toBeNull();
    expect(headers.get('x-plumbline-browser')).toBe('');
    incoming.set('x-plumbline-browser', 'made up');
    incoming.set('x-forwarded-for', '203.0.113.7, 10.0.0.9');
    const passed = requestHeaders(incoming, null);
    expect(passed.get('x-plumbline-browser')).toBe('10.0.0.9');
    expect(passed.get('x-forwarded-for')).toBeNull();
  });
});

describe('responseHeaders', () => {
  it.each([`${API}/v1/uploads/abc`, '/v1/uploads/abc', 'http://localhost:4400/v1/uploads/abc'])(
    'leads the upload at %s through the dashboard',
    (location) => {
      expect(responseHeaders(new Headers({ location }), API).get('location')).toBe(
        '/api/v1/uploads/abc',
      );
    },
  );
});

describe('isCrossSite', () => {
  const own = { host: 'dash:3000', origin: 'http://dash:3000', 'sec-fetch-site': 'same-origin' };
  it.each([
    ['POST', own, false],
    ['POST', { host: 'dash:3000' }, false],
    ['GET', { host: 'dash:3000', 'sec-fetch-site': 'cross-site' }, false],
    ['POST', { host: 'dash:3000', 'sec-fetch-site': 'cross-site' }, true],
    ['PATCH', { ...own, 'sec-fetch-site': 'same-site' }, true],
    ['DELETE', { host: 'dash:3000', origin: 'http://evil.example' }, true],
    ['POST', { host: 'dash:3000', origin: 'null' }, true],
  ])('%s with %o: %s', (method, headers, expected) => {
    expect(isCrossSite(method, new Headers(headers as Record<string, string>))).toBe(expected);
  });
});

describe('contentSecurityPolicy', () => {
  it('allows scripts by nonce, and eval in development only', () => {
    expect(contentSecurityPolicy('abc', false)).toContain(
      "script-src 'self' 'nonce-abc' 'strict-dynamic';",
    );
    expect(contentSecurityPolicy('abc', true)).toContain("'unsafe-eval'");
  });
});
