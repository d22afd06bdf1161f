/** @file Loads the chart library when a chart is shown, in the browser only. */
'use client';

import type uPlot from 'uplot';

/**
 * uPlot asks `Intl` for the browser's language as it loads, and some headless browsers name one that does not exist
 * (`en-US@posix`); such a browser is given English.
 */
export async function loadUplot(): Promise<typeof uPlot> {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
  return (await import('uplot')).default;
}
