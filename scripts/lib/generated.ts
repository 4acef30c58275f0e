/** What is generated, straight from the literals of the code. */
import { builtInActions } from '../../packages/core/src/actions/index.js';
import { EVENT_SCHEMAS, EVENT_SCHEMA } from '../../packages/core/src/events/event-schema.js';
import { RESULT_SCHEMA } from '../../packages/core/src/events/result-schema.js';
import { editorSchema } from '../../packages/core/src/load/editor.js';
import { createRegistry } from '../../packages/core/src/load/registry.js';
import { builtInNotifiers } from '../../packages/core/src/notifiers/index.js';
import { reporters } from '../../packages/core/src/reporters/index.js';
import { builtInSteps } from '../../packages/core/src/steps/index.js';
import voice from '../../packages/plugin-voice/src/index.js';

const core = { name: '@alice/realops', apiVersion: 1, steps: builtInSteps, actions: builtInActions, notifiers: builtInNotifiers, reporters } as const;

/** The editor schema with the step types of the packages of this repository. */
export const scenarios = editorSchema(createRegistry([core, voice], () => undefined));

/** The schema of result.json. */
export const result = RESULT_SCHEMA;

/** The schemas of the lines of log.jsonl, one for each event, and one for any line. */
export const events = { ...EVENT_SCHEMAS, event: EVENT_SCHEMA };

/** Every step type with the package it comes from. */
export const steps = [core, voice].flatMap((plugin) => (plugin.steps ?? []).map((type) => ({ type, plugin: plugin.name })));

/** Every action with the package it comes from. */
export const actions = core.actions.map((type) => ({ type, plugin: core.name }));
