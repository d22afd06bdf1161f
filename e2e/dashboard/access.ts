/** @file Keys and the audit log: one is made, asks, and is revoked; the log has it all. */
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
  });
