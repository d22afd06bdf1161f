/** @file A real Chromium: the one inside `@sparticuz/chromium` on Linux x64, else the one that `CHROMIUM_PATH` names. */
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Why no browser can be had here; null when one can. */
export const browserMissing =
  process.env['CHROMIUM_PATH'] !== undefined ||
  (process.platform === 'linux' && process.arch === 'x64')
    ? null
    : 'needs Linux x64, or CHROMIUM_PATH naming a Chromium';

export async function launchBrowser(): Promise<Browser> {
  const own = process.env['CHROMIUM_PATH'];
  if (own !== undefined) return chromium.launch({ executablePath: own, headless: true });
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: sparticuz.args,
    headless: true,
  });
}
