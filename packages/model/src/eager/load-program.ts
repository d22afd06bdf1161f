/** @file A tensor program on any executor: as it is on one that runs TensorFlow.js, recorded as a graph on the others. */
import type {
  Executor,
  GraphSession,
  StatefulSession,
  StateLinks,
  TensorMap,
} from '@plumbline/contracts';
import { type TensorProgram, targetOf, traceProgram } from '../trace/index.ts';

/** A session of a program; its outputs have no names before it runs. */
export type ProgramSession = Omit<GraphSession, 'outputNames'>;

/** An executor that needs no graph. */
export interface ProgramExecutor extends Executor {
  loadProgram(program: TensorProgram): Promise<ProgramSession>;
  loadStatefulProgram(
    program: TensorProgram,
    links: StateLinks,
    start: TensorMap,
  ): Promise<StatefulSession>;
}

function runsPrograms(executor: Executor): executor is ProgramExecutor {
  return 'loadProgram' in executor;
}

export function loadProgram(executor: Executor, program: TensorProgram): Promise<ProgramSession> {
  return runsPrograms(executor)
    ? executor.loadProgram(program)
    : executor.load(traceProgram(program, targetOf(executor.provider)));
}

/** @param start First values of the state, by input name. */
export function loadStatefulProgram(
  executor: Executor,
  program: TensorProgram,
  links: StateLinks,
  start: TensorMap,
): Promise<StatefulSession> {
  return runsPrograms(executor)
    ? executor.loadStatefulProgram(program, links, start)
    : executor.loadStateful(traceProgram(program, targetOf(executor.provider)), links, start);
}
