/**
 * @file A real Chromium: the one inside `@sparticuz/chromium` on Linux x64, else the one that `CHROMIUM_PATH` names. It draws as Chromium does
 * on a machine without a graphics card. By itself the package has a card emulated (SwiftShader) for the sake of WebGL: while a page is scrolled
 * that falls a second behind on two cores, and everything waits for it when the page before is torn down.
 */
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Why no browser can be had here; null when one can. */
export const browserMissing =
  process.env['CHROMIUM_PATH'] !== undefined ||
  (process.platform === 'linux' && process.arch === 'x64')
    ? null
    : 'needs Linux x64, or CHROMIUM_PATH naming a Chromium';

/** @param more Arguments beside those that any page is tested with. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const own = process.env['CHROMIUM_PATH'];
  if (own !== undefined)
    return chromium.launch({ executablePath: own, args: [...more], headless: true });
  // It unpacks itself into the temporary folder, where another user's copy could not be run.
  const folder = join(tmpdir(), `plumbline-chromium-${process.getuid?.() ?? 0}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  process.env['TMPDIR'] = folder;
  sparticuz.setGraphicsMode = false;
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [...sparticuz.args, ...more],
    headless: true,
  });
}
