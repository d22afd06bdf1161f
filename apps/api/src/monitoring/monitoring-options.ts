/** @file What the platform was told about monitoring. */
import type { DriftWindow } from '@plumbline/contracts';

export interface MonitoringOptions {
  readonly window: DriftWindow;
  /** Whether changes are sent somewhere. */
  readonly webhook: boolean;
}
