/** @file Tests of what the form for imported results accepts, and where it puts an error. */
import type { ErrorBody } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { checkDraft, fieldOf, problemsOf, type ResultsDraft } from './results-draft.ts';

const draft: ResultsDraft = {
  kind: 'upload',
  path: '',
  model: 'theirs',
  method: ' ',
  protocol: 'plumbline-256',
  seed: '3',
  mapResize: 'refuse',
  note: '',
};

describe('checkDraft', () => {
  it('gives what the API takes, with its defaults', () => {
    expect(checkDraft('parts', draft, 'theirs.npz')).toEqual({
      input: {
        dataset: 'parts',
        model: 'theirs',
        method: 'external',
        protocol: 'plumbline-256',
        seed: 3,
        mapResize: 'refuse',
        note: '',
      },
      problems: null,
    });
  });

  it('names every field at fault at once', () => {
    const wrong = { ...draft, model: 'Not A Name', protocol: 'mine', seed: '1.5' };
    const { problems } = checkDraft('parts', wrong, null);
    expect(Object.keys(problems ?? {}).sort()).toEqual(['model', 'protocol', 'seed', 'source']);
    expect(problems?.seed).toBe('Give a whole number from 0 on.');
  });

  it.each([
    ['upload', 'scores.csv', /neither an \.npz nor a \.zip/],
    ['upload', null, /Choose a file/],
    ['path', null, /Give a path/],
  ] as const)('refuses a source of kind %s called %s', (kind, name, message) => {
    expect(checkDraft('parts', { ...draft, kind }, name).problems?.source).toMatch(message);
  });

  it('does not take an empty seed for zero', () => {
    expect(checkDraft('parts', { ...draft, seed: '' }, 'a.zip').problems).toHaveProperty('seed');
  });
});

describe('errors of the platform', () => {
  const error: ErrorBody = {
    code: 'INVALID_INPUT',
    message: 'Wrong.',
    fix: 'Correct it.',
    file: 'bolt/test/good/0.png',
    field: null,
  };

  it('go to the field that they name', () => {
    expect(problemsOf({ ...error, field: 'source.path' })).toEqual({
      source: 'Wrong. Correct it.',
    });
    expect(problemsOf({ ...error, field: 'mapResize', fix: null })).toEqual({
      mapResize: 'Wrong.',
    });
    expect(fieldOf('filename')).toBe('source');
  });

  it('about a row of the results belong to no field', () => {
    expect(problemsOf(error)).toEqual({});
    expect(problemsOf({ ...error, field: 'dataset' })).toEqual({});
  });
});
