import { parseArgs } from 'node:util';
import { load, loop as loopSuite, type LoopOptions, type LoopStatus, type Suite } from '../index.js';
import { parseDuration } from '../time/index.js';
import { EXIT, EXIT_HELP } from './exit-codes.js';
import { UsageError, type CliIo, type Command } from './io.js';
import { loadNamed, modeOf, RUN_OPTIONS, runOptions, suiteNamed, wholeNumber } from './run-options.js';

const OPTIONS = { ...RUN_OPTIONS, remediate: { type: 'string', default: 'apply' }, every: { type: 'string' }, times: { type: 'string' }, keep: { type: 'string' } } as const;

/** `realops loop`: a suite again and again. */
export const loop: Command = {
  name: 'loop',
  summary: 'run a suite again and again, and heal what fails',
  help: `usage: realops loop [options] <suite>

Runs a suite as its loop: section says (every 15m, or cron), one pass at a time. What is due while a pass is at work is missed, counted and told, never made up for.
Changed suite files are loaded before the next pass; SIGHUP loads them in any case. SIGTERM or Ctrl-C ends the loop: the pass under way is cancelled and what was changed
but not validated is undone. Where it stands is in loop-status.json of the state folder, and at /healthz when the suite gives a port.

options
  --every DURATION    time from start to start, instead of the schedule of the suite (e.g. 5m)
  --times N           end after so many passes; the exit code is that of the last one
  --keep N            keep the newest N run folders of this loop, and all with incidents (default all)
  --runs DIR          where run folders are made (default runs)
  --scenario ID       only this scenario; may be given more than once
  --tag TAG           only scenarios with this tag; may be given more than once
  --concurrency N     rows that may run at once (default: cores of the machine)
  --seed N            the same seed for every pass
  --reporter NAME     reporters instead of those of the suite; may be given more than once
  --remediate MODE    off, propose, or apply (default: what the remedies of the suite allow)
  --state DIR         ledger, approvals, alerts and status (default .realops beside the suite)
  --json              print one JSON object a line: the status whenever a pass has ended
  --quiet             print the SLO table of each pass only
  --verbose           print what the engine does

${EXIT_HELP}
A loop that was asked to stop ends with 0.

examples
  realops loop alice.yaml
  realops loop alice.yaml --every 5m --keep 500
  realops loop alice.yaml --times 3 --remediate propose`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    const suiteArgument = suiteNamed(positionals, 'run');
    const remediate = modeOf(values.remediate);
    const everyMs = values.every === undefined ? undefined : everyOf(values.every);
    const suite = await loadNamed(suiteArgument, values, io);
    if (suite === undefined) return EXIT.invalidInput;
    const paced = (loaded: Suite): Suite => (everyMs === undefined ? loaded : { ...loaded, loop: { ...loaded.loop, schedule: { everyMs } } });
    const options: LoopOptions = {
      ...(await runOptions(suite, suiteArgument, values, io)),
      remediate,
      ...(values.times === undefined ? {} : { times: wholeNumber('--times', values.times, 1) }),
      ...(values.keep === undefined ? {} : { keep: wholeNumber('--keep', values.keep, 1) }),
      reload: async () => paced(await load([suiteArgument], { env: io.env })),
      onStatus: teller(values.json, io),
      onNotice: (message) => (values.json ? undefined : io.out.write(`realops loop: ${message}\n`)),
    };
    const running = loopSuite(paced(suite), options);
    io.onReload?.(running.reload);
    const report = await running.ended;
    return io.signal.aborted || report === undefined ? EXIT.healthy : report.exit_code;
  },
};

function everyOf(text: string): number {
  let everyMs: number;
  try {
    everyMs = parseDuration(text);
  } catch {
    throw new UsageError(`--every takes a duration such as 30s or 15m, got "${text}"`);
  }
  if (everyMs < 1_000) throw new UsageError(`--every takes at least 1s, got "${text}"`);
  return everyMs;
}

/** Tells what changes: a line when a pass begins and when the next one is due, or one JSON object for each pass that has ended. */
function teller(json: boolean, io: CliIo): (status: LoopStatus) => void {
  let before: LoopStatus | undefined;
  return (status) => {
    const [was, now] = [before, status];
    before = status;
    if (now.last !== null && now.last !== (was?.last ?? null)) return json ? io.out.write(`${JSON.stringify(now)}\n`) : io.out.write(endLine(now));
    if (json) return;
    if (now.health !== null && now.health !== (was?.health ?? null)) io.out.write(`realops loop: ${now.health} says how it stands\n`);
    if (now.state === 'running' && was?.current?.run_id !== now.current?.run_id) io.out.write(`\nrealops loop: pass ${now.loops + 1}, ${WHY[now.current?.why ?? 'schedule']}\n`);
    if (now.problem !== null && now.problem !== (was?.problem ?? null)) io.out.write(`realops loop: ${now.problem}\n`);
    if (now.missed.count > (was?.missed.count ?? 0)) io.out.write(`realops loop: ${now.missed.count - (was?.missed.count ?? 0)} due while a pass was at work, not made up for\n`);
    if (now.state === 'waiting' && now.next !== null && now.next !== was?.next) io.out.write(`realops loop: next at ${now.next.slice(0, 19).replace('T', ' ')} UTC${now.failing_since === null ? '' : ', sooner since something fails'}\n`);
    if (now.state === 'stopped') io.out.write(`realops loop: stopped after ${now.loops} ${now.loops === 1 ? 'pass' : 'passes'}\n`);
  };
}

const WHY: { readonly [W in NonNullable<LoopStatus['current']>['why']]: string } = {
  schedule: 'as scheduled', failing: 'again, since something fails', retest: 'asked for by an alert: look again', remediate: 'asked for by an alert: find a remedy', approval: 'since a change was allowed',
};

function endLine({ last, loops, needs_human, alerts }: LoopStatus): string {
  if (last === null) return '';
  const more = [...(needs_human.length === 0 ? [] : [`needs a person: ${needs_human.join(', ')}`]), ...(alerts.length === 0 ? [] : [`alerts: ${alerts.join(', ')}`])];
  return `realops loop: pass ${loops} ${last.outcome}: ${last.reason}${more.length === 0 ? '' : `; ${more.join('; ')}`}\n`;
}
