/** @file Mappings as people write them: errors name the line and the key, and a proposal reads back as what it proposes. */
import { DomainError } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { mappingText, parseMapping } from './read-mapping.ts';

const refusal = (text: string): string => {
  try {
    parseMapping(text, 'map.yaml');
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
  throw new Error('It was read');
};

it.each([
  [
    'category: bolt\nfolders:\n  - path: ok\n    is: train\n',
    /^map\.yaml, line 4: folders\.0\.is: Write one of train-normal/,
  ],
  [
    'category: bolt\nfolders:\n  - path: ok\n    is: masks\n    name: gt\n',
    /line 5: folders\.0\.name: Write \{name\}/,
  ],
  [
    'category: bolt\nfolders:\n  - path: ../x\n    is: ignore\n',
    /line 3: folders\.0\.path: Give a path inside/,
  ],
  ['category: bolt\nfolders:\n  - path: x\n    was: ignore\n', /line 3: folders\.0.*is/],
  ['folders:\n  - path: x\n    is: ignore\n', /line 1: category: Give a name/],
  ['category: bolt\nfolders: [\n', /line 3/],
  ['just words', /line 1/],
  ['', /line 1/],
  [
    `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\ne: [*d,*d,*d,*d]\n`,
    /alias|line 1/i,
  ],
])('%j names what is wrong', (text, message) => {
  expect(refusal(text)).toMatch(message);
});

it('a proposal reads back as it is, with odd names, and says what lies in each folder', () => {
  const proposal = {
    category: 'Größe: 2 # neu',
    folders: [
      { path: '*', is: 'ignore' as const },
      { path: 'a: b/#1 "x"', is: 'train-normal' as const },
      { path: '- weird', is: 'test-anomalous' as const, defectType: 'yes' },
    ],
  };
  const folders = proposal.folders.map(({ path }, index) => ({
    path: path === '*' ? '' : path,
    images: index + 1,
    examples: ['1\n2.png'],
  }));
  const text = mappingText({ folders, proposal }, '/data/parts');
  expect(parseMapping(text, 'map.yaml')).toEqual(proposal);
  expect(text).toContain('# 1 image at the top: 1 2.png');
  expect(text).toContain('# 3 images in - weird: 1 2.png …');
});
