/** What each exit code of the CLI means. */
export const EXIT = {
  healthy: 0,
  failed: 1,
  needsHuman: 2,
  invalidInput: 3,
  couldNotRun: 4,
  inconclusive: 5,
  internal: 70,
  cancelled: 130,
} as const;

/** The table of exit codes, for `--help`. */
export const EXIT_HELP = `exit codes
  0    healthy or remedied
  1    an SLO or an expectation failed
  2    needs a human
  3    invalid input: suite, data or command line
  4    could not run: a preflight check did not hold
  5    inconclusive or no data
  70   a fault of RealOps itself
  130  cancelled`;
