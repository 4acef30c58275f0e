import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** The machine and this process at one moment. Null is what could not be read here. */
export interface SystemSample {
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly process: { readonly rss_bytes: number | null; readonly peak_rss_bytes: number | null; readonly threads: number | null; readonly open_files: number | null; readonly heap_used_bytes: number; readonly heap_limit_bytes: number };
  readonly machine: {
    readonly cpus: number;
    /** Over 1, 5 and 15 minutes. */
    readonly load: readonly number[];
    readonly memory_bytes: number;
    readonly memory_available_bytes: number;
    readonly swap_bytes: number | null;
    readonly swap_free_bytes: number | null;
  };
}

/** Reads the state of the system: `/proc` where there is one, what Node itself knows elsewhere. Never rejects. `now` only stamps it. */
export async function readSystem(now: Date, proc = '/proc'): Promise<SystemSample> {
  const [status, memory, load, files] = await Promise.all([textOf(`${proc}/self/status`), textOf(`${proc}/meminfo`), textOf(`${proc}/loadavg`), readdir(`${proc}/self/fd`).catch(() => undefined)]);
  const heap = getHeapStatistics();
  const loads = load.split(' ').slice(0, 3).map(Number);
  return {
    at: now.toISOString(),
    process: {
      rss_bytes: kilobytes(status, 'VmRSS'),
      peak_rss_bytes: kilobytes(status, 'VmHWM'),
      threads: numberOf(status, 'Threads'),
      open_files: files?.length ?? null,
      heap_used_bytes: heap.used_heap_size,
      heap_limit_bytes: heap.heap_size_limit,
    },
    machine: {
      cpus: availableParallelism(),
      load: loads.length === 3 && loads.every(Number.isFinite) ? loads : loadavg(),
      memory_bytes: kilobytes(memory, 'MemTotal') ?? totalmem(),
      memory_available_bytes: kilobytes(memory, 'MemAvailable') ?? freemem(),
      swap_bytes: kilobytes(memory, 'SwapTotal'),
      swap_free_bytes: kilobytes(memory, 'SwapFree'),
    },
  };
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function numberOf(text: string, name: string): number | null {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function kilobytes(text: string, name: string): number | null {
  const found = numberOf(text, name);
  return found === null ? null : found * 1_024;
}
