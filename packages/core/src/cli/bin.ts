#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import type { Output } from '../model/outlet.js';
import { main } from './main.js';

// Optimising the parser of HTTP answers, which is WebAssembly, costs 0.1 s of CPU and 35 MiB. V8 begins it after a few answers; a run of seconds never earns it back; a loop of days does.
const short = process.argv[2] !== 'loop';
if (short) setFlagsFromString('--wasm-tiering-budget=200000000');
// The same goes for our own code: V8 begins to optimise a function when it has run for so many bytes of code, and a check of a thousand scenarios spent a quarter
// of its CPU on that. Three times the usual amount still optimises whatever runs for seconds. V8 12 (Node 22) counts otherwise, no longer knows the flag, and says so to whoever is there.
if (short && Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString('--interrupt-budget=400000');

// A loop of days has optimised what runs often after its first minutes. V8 would go on for hours with what runs now and then, which saves nothing but makes memory grow all the
// while: by 2 MB of code an hour, and several times that in the heaps of its compiler's threads.
if (!short) setTimeout(() => setFlagsFromString('--no-opt'), 5 * 60_000).unref();
// Nor does it need room for 32 MiB of new objects, which V8 takes little by little and hardly ever gives back: what it makes is collected as well in two.
if (!short) setFlagsFromString('--semi-space-growth-factor=1');

/** The only place that touches the process. */
const stop = new AbortController();
let signals = 0;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    signals += 1;
    if (signals > 1) process.exit(130);
    stop.abort(new Error(`received ${signal}`));
  });
}
// A reader that goes away (| head) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

function output(stream: NodeJS.WriteStream): Output {
  const plain = process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '';
  return {
    write: (text) => void stream.write(text),
    interactive: stream.isTTY && process.env['CI'] === undefined && process.env['TERM'] !== 'dumb',
    color: !plain && (stream.isTTY || process.env['FORCE_COLOR'] !== undefined),
    // Asked anew each time, since windows change; some terminals say 0.
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
  };
}

process.exitCode = await main(process.argv.slice(2), { cwd: process.cwd(), nodeVersion: process.version, env: process.env, out: output(process.stdout), error: output(process.stderr), signal: stop.signal, onReload: (call) => void process.on('SIGHUP', call) });
