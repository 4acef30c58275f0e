/**
 * `npm run soak [-- MINUTES]`: lets `realops loop` run against the reference assistant (30 minutes by default) and says how its memory went, as one JSON line: the slope in MB an hour,
 * by Theil and Sen (the median of the slopes between all pairs of samples), over the least value of each half minute of the second half. In the first half code is optimised and
 * the allocator finds its size, which takes about a quarter of an hour. Judged is the resident memory of its own (RssAnon): the rest are pages of files, such as the program of Node,
 * which the system drops and reads again as it likes; the sum is told beside it. The samples go to runs/soak.csv. Exit code 1 when it is 1 MB an hour or more, or a pass was not healthy.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from './build.mjs';
import { isMain, root } from './lib/run.mjs';
import { withProgram } from './lib/served.mjs';

const LIMIT_MB_PER_H = 1;
const SAMPLE_MS = 1_000;
const WINDOW_MS = 30_000;

/** The median slope between all pairs of points; y per x. */
export function theilSen(points) {
  const slopes = points.flatMap(([x, y], index) => points.slice(index + 1).map(([later, other]) => (other - y) / (later - x))).sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? 0;
}

/** The least value of each window. */
export function floorsOf(samples, windowMs) {
  const windows = new Map();
  for (const [at, value] of samples) {
    const key = Math.floor(at / windowMs);
    const known = windows.get(key);
    if (known === undefined || value < known[1]) windows.set(key, [at, value]);
  }
  return [...windows.values()];
}

/** Resident memory of its own, and with the pages of files, in MB. */
function residentMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1_024;
  return { own: field('RssAnon'), all: field('VmRSS') };
}

async function soak(minutes) {
  const scratch = mkdtempSync(join(tmpdir(), 'realops-soak-'));
  try {
    return await withProgram(join(root, 'examples/assistant/dist/main.js'), ['--port', '0', '--guardian-port', '0', '--exit-with-stdin'], async (line) => {
      const { api, asr, guardian } = JSON.parse(line);
      const env = { ...process.env, API_BASE: api, WS_ASR: asr, GUARDIAN_URL: guardian };
      const args = ['packages/core/dist/cli.js', 'loop', 'scripts/soak.yaml', '--runs', join(scratch, 'runs'), '--state', join(scratch, 'state'), '--keep', '20', '--json'];
      const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise((resolve) => child.once('close', resolve));
      let passes = 0;
      let last;
      const unwell = [];
      createInterface({ input: child.stdout }).on('line', (text) => {
        last = JSON.parse(text);
        passes += 1;
        // The pass that the end of the soak breaks off says nothing.
        if (last.last.outcome !== 'healthy' && last.last.outcome !== 'cancelled') unwell.push(`${last.last.outcome}: ${last.last.reason}`);
      });
      const began = performance.now();
      const samples = [];
      while (performance.now() - began < minutes * 60_000 && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
        samples.push({ at: performance.now() - began, ...residentMb(child.pid) });
        if (process.stderr.isTTY) process.stderr.write(`\rsoak: ${Math.floor((performance.now() - began) / 60_000)} of ${minutes} min, ${passes} passes, ${Math.round(samples.at(-1).own)} MB `);
      }
      child.kill('SIGTERM');
      const code = await ended;
      mkdirSync(join(root, 'runs'), { recursive: true });
      writeFileSync(join(root, 'runs/soak.csv'), `ms,own_mb,rss_mb\n${samples.map(({ at, own, all }) => `${Math.round(at)},${own.toFixed(2)},${all.toFixed(2)}\n`).join('')}`);
      const settled = samples.filter(({ at }) => at > (minutes * 60_000) / 2);
      const round = (value) => Math.round(value * 100) / 100;
      const course = (which) => {
        const floors = floorsOf(settled.map((sample) => [sample.at, sample[which]]), WINDOW_MS);
        return { first: round(floors[0]?.[1] ?? 0), last: round(floors.at(-1)?.[1] ?? 0), most: round(Math.max(...samples.map((sample) => sample[which]))), slope_mb_per_h: round(theilSen(floors) * 3_600_000) };
      };
      const own = course('own');
      const ok = code === 0 && passes > 0 && unwell.length === 0 && own.slope_mb_per_h < LIMIT_MB_PER_H;
      process.stdout.write(`${JSON.stringify({ soak: 'loop', ok, minutes, passes, missed: last?.missed.count ?? 0, exit_code: code, own_mb: own, rss_mb: course('all'), limit_mb_per_h: LIMIT_MB_PER_H, unwell: unwell.slice(0, 5) })}\n`);
      return ok ? 0 : 1;
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) {
  const minutes = Number(process.argv[2] ?? '30');
  if (!(minutes > 0)) {
    process.stderr.write('usage: npm run soak [-- MINUTES]\n');
    process.exit(3);
  }
  await build();
  process.exitCode = await soak(minutes);
}
