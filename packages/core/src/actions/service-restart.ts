import { defineAction, RealopsError, type ActionPlan } from '../plugin.js';
import { parseDuration } from '../time/index.js';
import { call, callSchema, showCall } from './http.js';
import { readySchema, untilReady } from './ready.js';
import { runCommand, showCommand } from './system/command.js';

/** Restarts a service by the interface of whatever runs it. Nothing is compared or undone: the service is to be as it was. */
export const serviceRestart = defineAction({
  use: 'service.restart',
  description: 'Restarts a service by an HTTP call or a command, and waits until it is ready.',
  with: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, description: 'The name of the service, e.g. asr' },
      http: { ...callSchema, description: 'The call that restarts it; either this or command' },
      command: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'The program that restarts it with its arguments, run without a shell, e.g. [systemctl, restart, asr]' },
      commandWithin: { type: 'string', holds: 'duration', default: '60s', description: 'How long the command may take' },
      ready: { ...readySchema, description: 'How it is told that the service is there again: { step, condition }' },
      readyWithin: { type: 'string', holds: 'duration', default: '60s', description: 'How long that may take' },
    },
    required: ['name', 'ready'],
  },
  structural: true,
  check: ({ http, command }) => (http === undefined || command === undefined ? [] : [{ path: ['command'], message: 'either http or command says how the service is restarted, not both' }]),
  stateless: true,
  param: ({ name }) => name,
  read: async () => null,
  async plan({ name, http, command }): Promise<ActionPlan> {
    if ((http === undefined) === (command === undefined)) return { possible: false, reason: 'either http or command says how the service is restarted' };
    const how = http === undefined ? showCommand(command ?? []) : showCall(http);
    return { possible: true, after: null, rollback: `nothing to undo: ${name} runs as before; restarted by ${how}` };
  },
  async write({ http, command, commandWithin, ready, readyWithin }, _value, context) {
    if (http !== undefined) await call(http, context);
    else if (command !== undefined) await runCommand(command, { directory: context.file('.'), signal: context.signal, clock: context.clock, timeoutMs: parseDuration(commandWithin) });
    else throw new RealopsError('REALOPS_WITH_INVALID', 'either http or command says how the service is restarted');
    await untilReady(ready, { everyMs: 100, withinMs: parseDuration(readyWithin) }, context);
  },
});
