import { join, parse } from 'node:path';
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
  const stored = new Map<string, number>();
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
      // A step that runs again (another attempt, a loop, a repeated row) takes nothing of what it kept before.
      const times = (stored.get(path) ?? 0) + 1;
      stored.set(path, times);
      const free = times === 1 ? path : numbered(path, times);
      await writeFileAtomic(join(directory, free), body);
      return free;
    },
  };
}

/** `name.ext` as `name-2.ext`. */
function numbered(path: string, times: number): string {
  const { dir, name, ext } = parse(path);
  return `${dir}/${name}-${times}${ext}`;
}
