import type { Caller, Role } from '@plumbline/contracts';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { CallerProvider, ForRole } from './caller.tsx';

function shown(caller: Caller | null, least: Role, what?: string): string {
  const children = createElement('button', { type: 'button' }, 'Train');
  const guarded = what === undefined ? { least, children } : { least, what, children };
  return renderToStaticMarkup(
    CallerProvider({ caller, children: createElement(ForRole, guarded) }),
  );
}

const as = (role: Role): Caller => ({ kind: 'user', name: 'vic@example.com', role });

describe('what is offered', () => {
  it('is what the role allows, and more for those with more', () => {
    for (const role of ['engineer', 'admin'] as const)
      expect(shown(as(role), 'engineer')).toContain('<button');
    for (const role of ['viewer', 'operator'] as const)
      expect(shown(as(role), 'engineer')).toBe('');
  });

  it('is everything while nobody knows who asks', () => {
    expect(shown(null, 'admin')).toContain('<button');
  });

  it('is, in place of a form, who may and who one is', () => {
    const text = shown(as('viewer'), 'engineer', 'Training');
    expect(text).not.toContain('<button');
    expect(text).toContain('Training takes an engineer; you are a viewer (vic@example.com).');
  });
});
