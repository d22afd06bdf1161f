/** @file The dashboard of a test platform in a real browser, which notes what went wrong on its pages. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchBrowser } from './browser.ts';
import type { TestPlatform } from './platform.ts';

export const WAIT_MS = 90_000;

export class TestDashboard {
  readonly page: Page;
  readonly url: string;
  /** Errors of pages, and requests to other hosts. */
  readonly problems: string[] = [];
  readonly #browser: Browser;

  private constructor(browser: Browser, page: Page, url: string) {
    this.#browser = browser;
    this.page = page;
    this.url = url;
    page.setDefaultTimeout(WAIT_MS);
    page.on('pageerror', (error) => this.problems.push(`${page.url()}: ${error.message}`));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1')
        this.problems.push(`asks ${hostname}`);
    });
  }

  static async launch(platform: TestPlatform): Promise<TestDashboard> {
    const url = (await platform.record()).webUrl ?? '';
    const browser = await launchBrowser();
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
    });
    return new TestDashboard(browser, await context.newPage(), url);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`, { waitUntil: 'load' });
    await this.page.locator('h1').first().waitFor({ timeout: WAIT_MS });
  }

  /** The page has one heading, fits its width, and axe finds nothing. */
  async expectSound(): Promise<void> {
    // While the framework goes to another page, it has no title for a moment.
    await expect.poll(() => this.page.title(), { timeout: WAIT_MS }).not.toBe('');
    const { page } = this;
    expect(await page.locator('h1').count()).toBe(1);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, `${page.url()} is wider than the window`).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map((violation) => `${page.url()} ${violation.id}: ${violation.nodes[0]?.html}`),
    ).toEqual([]);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
