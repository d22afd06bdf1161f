import { expect, it } from 'vitest';
import { bytesOf, pickedFiles } from './picked-files.ts';

function fileAt(relativePath: string, text = 'x') {
  const name = relativePath.split('/').pop() ?? '';
  return Object.assign(new File([text], name), { relativePath });
}

it.each([
  ['dropped', './parts/'],
  ['dropped in other browsers', '/parts/'],
  ['chosen', 'parts/'],
])('a folder that was %s keeps its paths, in order, and gives its name', (_, root) => {
  const picked = pickedFiles([fileAt(`${root}b/1.png`), fileAt(`${root}a/train/0.png`, 'abc')]);
  expect(picked).toMatchObject({
    kind: 'folder',
    name: 'parts',
    files: [{ path: 'parts/a/train/0.png' }, { path: 'parts/b/1.png' }],
  });
  expect(picked && bytesOf(picked)).toBe(4);
});

it('one .zip is what it is; one in a folder, or beside others, is a file of a folder', () => {
  expect(pickedFiles([fileAt('./Parts.ZIP')])).toMatchObject({ kind: 'zip', name: 'Parts.ZIP' });
  expect(pickedFiles([fileAt('parts/a.zip')])).toMatchObject({ kind: 'folder', name: 'parts' });
  expect(pickedFiles([fileAt('a.zip'), fileAt('0.png')])?.kind).toBe('folder');
});

it('folders side by side have no name in common; nothing is nothing', () => {
  const picked = pickedFiles([fileAt('bolt/0.png'), fileAt('nut/0.png')]);
  expect(picked?.name).toBe('dataset');
  expect(pickedFiles([fileAt('part/0.png'), fileAt('parts/0.png')])?.name).toBe('dataset');
  expect(pickedFiles([])).toBeNull();
});
