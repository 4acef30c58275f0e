/** What suites are checked with: the schemas of suite files, and those of the parameters of the built-in step and action types and reporters. */
import { builtInActions } from '../../packages/core/src/actions/index.js';
import { channelSchema } from '../../packages/core/src/load/channels.js';
import * as envelope from '../../packages/core/src/load/envelope.js';
import * as remediation from '../../packages/core/src/load/envelope-remediation.js';
import { readSchemas, writeSchemas } from '../../packages/core/src/model/knob-access.js';
import { schemasOfParameters } from '../../packages/core/src/load/with.js';
import { reporters } from '../../packages/core/src/reporters/index.js';
import { builtInSteps } from '../../packages/core/src/steps/index.js';

export { closeObjects } from '../../packages/core/src/schema/close.js';
export { createEngine, fingerprintOf } from '../../packages/core/src/schema/validate.js';

const { ALERT_ACTIONS: _, ...parts } = remediation;
const types = [...builtInSteps, ...builtInActions];

export const schemas: readonly object[] = [channelSchema, ...[envelope, parts, readSchemas, writeSchemas].flatMap((each) => Object.values<object>(each)), ...types.flatMap((type) => schemasOfParameters(type.with)), ...reporters.flatMap((type) => type.with ?? [])];
