import { join } from 'node:path';
import { RealopsError } from '../errors/index.js';
import { compileExpression } from '../expression/index.js';
import type { Expression } from '../expression/types.js';
import type { Suite } from '../model/suite.js';
import { writeFileAtomic } from '../text/index.js';
import { createTurns } from '../time/index.js';
import type { StepHost } from './host.js';

/** What a host is made of. */
export interface StepHostParts extends Pick<StepHost, 'clock' | 'log' | 'seed' | 'publish' | 'record' | 'recordFailedAttempt'> {
  readonly suite: Suite;
  /** The run folder; undefined when none is kept. */
  readonly directory: string | undefined;
}

/** The host of the steps of one run. */
export function createStepHost({ suite, directory, ...given }: StepHostParts): StepHost {
  const compiled = new Map<string, Expression>();
  return {
    ...given,
    turns: createTurns(given.clock),
    environment: suite.environment,
    env: suite.env,
    targets: suite.targets,
    consents: suite.consents,
    steps: suite.steps,
    metrics: suite.metrics,
    async compile(text) {
      const known = compiled.get(text);
      if (known !== undefined) return known;
      const { expression, problems } = compileExpression(text, { functions: suite.functions });
      if (expression === undefined) throw new RealopsError(problems[0]?.code ?? 'REALOPS_EXPRESSION_SYNTAX', problems[0]?.message ?? `"${text}" is not JSONata`, { hint: problems[0]?.hint });
      compiled.set(text, expression);
      return expression;
    },
    async store(path, body) {
      if (directory === undefined) return null;
      await writeFileAtomic(join(directory, path), body);
      return path;
    },
  };
}
