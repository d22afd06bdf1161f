/** @file The webhook's variables. */
import { expect, test } from 'vitest';
import { webhookOf } from './webhook.ts';

test('an address with a secret, none, and what is refused', () => {
  const secret = '0123456789abcdef';
  expect(webhookOf(' http://10.0.0.5:8080/drift ', secret)).toEqual({
    ...{ url: 'http://10.0.0.5:8080/drift', secret },
  });
  expect(webhookOf(undefined, undefined)).toBeNull();
  expect(webhookOf('', secret)).toBeNull();
  expect(() => webhookOf('https://line.example', undefined)).toThrow(/SECRET is not set/);
  expect(() => webhookOf('https://line.example', 'short')).toThrow(/fewer than 16/);
  for (const wrong of ['file:///etc/passwd', 'line.example', 'javascript:1'])
    expect(() => webhookOf(wrong, secret), wrong).toThrow(/PLUMBLINE_WEBHOOK_URL/);
});
