/** @file What all tests of the dashboard share: one platform, one browser, and what earlier tests made there. */
import type { Run } from '@plumbline/contracts';
import { TestDashboard } from './dashboard.ts';
import { TestPlatform } from './platform.ts';

export class Scene {
  /** Of the run that the walk starts with the form's defaults, and the run itself once it has ended. */
  runPath = '';
  #run: Run | null = null;
  #platform: TestPlatform | null = null;
  #dashboard: TestDashboard | null = null;

  async start(): Promise<void> {
    this.#platform = await TestPlatform.create();
    await this.#platform.json('up');
    this.#dashboard = await TestDashboard.launch(this.#platform);
  }

  async end(): Promise<void> {
    await this.#dashboard?.close();
    await this.#platform?.remove();
  }

  get platform(): TestPlatform {
    return there(this.#platform, 'platform');
  }

  get dashboard(): TestDashboard {
    return there(this.#dashboard, 'dashboard');
  }

  get run(): Run {
    return there(this.#run, 'run');
  }

  set run(run: Run) {
    this.#run = run;
  }
}

function there<T>(part: T | null, name: string): T {
  if (part === null) throw new Error(`There is no ${name} yet: a test before this one failed`);
  return part;
}
