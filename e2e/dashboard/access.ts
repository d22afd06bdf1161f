/** @file Keys, people and the audit log: each is made and ended here, and the log has it all. */
import { describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';

export const accessPages = (scene: Scene) =>
  describe('access', () => {
    it('makes a key, shows its secret once, and revokes it', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/access');
      await scene.dashboard.expectSound();
      await page.getByRole('button', { name: 'Make a key' }).click();
      await page.getByLabel('Name').fill('line 3');
      await page.getByRole('button', { name: 'Make key' }).click();
      const secret = await page.getByText(/^plumb_[\w-]{43}$/).innerText();
      const { apiUrl } = await scene.platform.record();
      const ask = async () => {
        const headers = { authorization: `Bearer ${secret}` };
        return (await fetch(`${apiUrl}/v1/me`, { headers })).status;
      };
      expect(await ask()).toBe(200);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('rowheader', { name: 'line 3' }).waitFor();
      expect(await page.content()).not.toContain(secret);
      await page.getByRole('button', { name: 'Revoke line 3' }).click();
      await page.getByRole('button', { name: 'Revoke key' }).click();
      await page.getByText('revoked', { exact: true }).waitFor();
      expect(await ask()).toBe(401);
      await scene.dashboard.open('/access/audit');
      await page.getByText('keys.revoke').first().waitFor();
      await scene.dashboard.expectSound();
    });

    it('lets somebody sign in, and not the last admin go', async () => {
      const { page } = scene.dashboard;
      await scene.dashboard.open('/access/people');
      await page.getByLabel('Email').fill('Ada@example.com');
      await page.getByLabel('Role', { exact: true }).selectOption('admin');
      await page.getByLabel('Password').fill('correct horse battery');
      await page.getByRole('button', { name: 'Add person' }).click();
      await page.getByRole('rowheader', { name: 'ada@example.com' }).waitFor();
      await scene.dashboard.expectSound();
      await page.getByLabel('Role of ada@example.com').selectOption('viewer');
      await page.getByText('ada@example.com is the last admin.').waitFor();
      // The browser reports a refusal as a problem of the page.
      scene.dashboard.problems.splice(0);
    });
  });
