/** @file Drags a folder of this computer onto a page, as a file manager does. */
import type { Locator } from 'playwright-core';

/** By the browser's own protocol: a page's scripts can't make the entry of a folder. */
export async function dropFolder(target: Locator, folder: string): Promise<void> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('What is dropped on is not visible');
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await target.page().context().newCDPSession(target.page());
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...place, data });
  await session.detach();
}
