/** @file The command `plumb`: all of its commands. */
import type { Command } from 'commander';
import { addAuditCommand } from './audit-command.ts';
import { addBackboneCommands } from './backbone-commands.ts';
import { addBatchCommands } from './batch-commands.ts';
import { addDatasetCommands } from './dataset-commands.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { addKeyCommands } from './key-commands.ts';
import { addLeaderboardCommands } from './leaderboard-commands.ts';
import { addModelCommands } from './model-commands.ts';
import { addPlatformCommands } from './platform-commands.ts';
import { PlumbCommand } from './plumb-command.ts';
import { addPredictCommand } from './predict/predict-command.ts';
import { addResultCommands } from './result-commands.ts';
import { addRunCommands } from './run-commands.ts';
import { addThresholdCommands } from './threshold-commands.ts';
import { addUserCommands } from './user-commands.ts';

export function createProgram(): Command {
  const program = new PlumbCommand('plumb').description(
    'Multi-class visual anomaly detection: datasets, training, leaderboards, inference.',
  );
  addPlatformCommands(program);
  addDoctorCommand(program);
  addDatasetCommands(program);
  addBackboneCommands(program);
  addRunCommands(program);
  addLeaderboardCommands(program);
  addModelCommands(program);
  addPredictCommand(program);
  addBatchCommands(program);
  addThresholdCommands(program);
  addResultCommands(program);
  addKeyCommands(program);
  addUserCommands(program);
  addAuditCommand(program);
  return program;
}
