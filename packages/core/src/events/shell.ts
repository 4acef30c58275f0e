/** An argument for a POSIX shell: as it is when nothing in it is special, else in single quotes. */
export function shellQuote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** The command that runs one row of a scenario again; without `row` the whole scenario. */
export function rerunCommand(suite: string, scenario: string, row?: number): string {
  return ['realops', 'run', shellQuote(suite), '--scenario', shellQuote(scenario), ...(row === undefined ? [] : ['--row', String(row)])].join(' ');
}
