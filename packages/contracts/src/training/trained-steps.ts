/** @file How many optimizer steps made a model version, for its row of a leaderboard: a short training is a weak one. */
import { z } from 'zod';

/** Of a method that trains one network, or one for each level. */
const configSchema = z.object({
  steps: z.number().int().optional(),
  levels: z.array(z.object({ steps: z.number().int().optional() })).optional(),
});

/** @param config of a fit @returns of all networks together; null where nothing is trained by steps */
export function trainedSteps(config: Readonly<Record<string, unknown>>): number | null {
  const { data } = configSchema.safeParse(config);
  if (data === undefined) return null;
  if (data.steps !== undefined) return data.steps;
  const ofLevels = (data.levels ?? []).flatMap(({ steps }) => (steps === undefined ? [] : [steps]));
  return ofLevels.length === 0 ? null : ofLevels.reduce((sum, steps) => sum + steps, 0);
}
