import { join, resolve, sep } from 'node:path';
import { asRealopsError, messageOf } from '../errors/index.js';
import type { RunReport } from '../events/report.js';
import type { Output, Reporter, ReporterIo, ReporterUse } from '../model/outlet.js';
import type { Logger } from '../model/step-type.js';
import { writeFileAtomic } from '../text/index.js';
import type { Clock } from '../time/index.js';
import type { Subscriber } from './delivery.js';

/** The reporters of one run, as subscribers of its stream. */
export interface Reporters {
  readonly subscribers: readonly Subscriber[];
  /** Calls `finish` of every reporter that is still well, each within the limit. Failures are told to `warn`; that of a lossless one is thrown. */
  finish(report: RunReport, limitMs: number): Promise<void>;
}

/** What reporters are given. */
export interface ReportingOptions {
  readonly directory: string | null;
  readonly output: Output;
  readonly log: Logger;
  readonly clock: Clock;
  readonly warn: (about: string, message: string) => void;
}

/** Makes and starts reporters. One that fails to start is told to `warn` and left out, unless it is lossless: then its failure is thrown. */
export async function openReporters(uses: readonly ReporterUse[], options: ReportingOptions): Promise<Reporters> {
  const open: { readonly reporter: Reporter; failed: boolean }[] = [];
  for (const { type, options: chosen } of uses) {
    try {
      const reporter = type.create();
      await reporter.start?.({ ...reporterIo(options), options: chosen });
      open.push({ reporter, failed: false });
    } catch (error) {
      if (type.lossless === true) throw error;
      options.warn(type.name, `${type.name} could not start and was left out; the verdict is not affected: ${messageOf(error)}`);
    }
  }
  return {
    subscribers: open.map((entry) => ({
      name: entry.reporter.name,
      lossless: entry.reporter.lossless ?? false,
      on(event) {
        // Most reporters answer at once; only a promise is awaited.
        const failed = (error: unknown): never => {
          entry.failed = true;
          throw error;
        };
        try {
          return entry.reporter.on(event)?.catch(failed);
        } catch (error) {
          return failed(error);
        }
      },
    })),
    async finish(report, limitMs) {
      let lost: unknown;
      for (const { reporter, failed } of open) {
        if (failed || reporter.finish === undefined) continue;
        const limit = new AbortController();
        const late = options.clock.sleep(limitMs, limit.signal).then(() => options.warn(reporter.name, `${reporter.name} did not finish within ${limitMs} ms`), () => undefined);
        try {
          await Promise.race([reporter.finish(report), late]);
        } catch (error) {
          // The others are finished all the same.
          if (reporter.lossless === true) lost ??= error;
          else options.warn(reporter.name, `${reporter.name} could not finish: ${messageOf(error)}`);
        } finally {
          limit.abort();
        }
      }
      if (lost !== undefined) throw asRealopsError(lost, 'REALOPS_LOG_WRITE');
    },
  };
}

/** What a reporter writes with: whole files, inside of the run folder. */
export function reporterIo({ directory, output, log }: Pick<ReportingOptions, 'directory' | 'output' | 'log'>): Omit<ReporterIo, 'options'> {
  return {
    directory,
    output,
    log,
    async write(name, body) {
      if (directory === null) return;
      const path = resolve(directory, name);
      if (!path.startsWith(directory + sep)) throw new Error(`"${name}" lies outside the run folder`);
      await writeFileAtomic(join(directory, name), body);
    },
  };
}
