/**
 * The one table of error codes. The sentence says what the code means in general; the message of an error says what happened here.
 * `docs/errors.md` is proven complete against this table, both ways.
 */
export const CODES = {
  REALOPS_ACTION_UNKNOWN: 'A remedy names an action that no loaded plugin registers.',
  REALOPS_CANCELLED: 'The run was cancelled before it finished.',
  REALOPS_CHANNEL_UNKNOWN: 'An alert names a channel that the suite does not list under notify.',
  REALOPS_COMMAND_FAILED: 'A command of a knob or action could not be run, or ended with an error.',
  REALOPS_CONNECTION: 'A connection to the system under test could not be made, or broke.',
  REALOPS_CONSENT_MISSING: 'A step needs a consent scope that the suite does not grant; the step was skipped.',
  REALOPS_CRON_INVALID: 'A cron expression cannot be read, or no moment ever fits it.',
  REALOPS_DATA_INVALID: 'A data file could not be read as rows.',
  REALOPS_DURATION_INVALID: 'A duration is not a number with a unit such as 500ms, 2s, 5m or 1h.',
  REALOPS_EGRESS_DENIED: 'A step tried to reach a host that is not listed under targets.',
  REALOPS_ENVIRONMENT_REFUSED: 'A step with side effects was refused because the environment is production.',
  REALOPS_EXPECT_FAILED: 'An expectation of a step did not hold.',
  REALOPS_EXPRESSION_FAILED: 'An expression failed while it was evaluated.',
  REALOPS_EXPRESSION_FORBIDDEN: 'An expression uses something that suites may not use.',
  REALOPS_EXPRESSION_NOT_BOOLEAN: 'A condition gave something other than true or false.',
  REALOPS_EXPRESSION_SYNTAX: 'An expression is not valid JSONata.',
  REALOPS_EXPRESSION_UNKNOWN_NAME: 'An expression reads a name that does not exist where it stands.',
  REALOPS_EXPRESSION_UNKNOWN_VALUE: 'An expression compares a name with a value that it never has.',
  REALOPS_FILE_NOT_FOUND: 'A file named in the suite does not exist or cannot be read.',
  REALOPS_FILTER_EMPTY: 'The given filters leave no scenario to run.',
  REALOPS_ID_DUPLICATE: 'Two things of the same kind have the same id.',
  REALOPS_INPUT_INVALID: 'The input of a step cannot be used.',
  REALOPS_INTERNAL: 'RealOps itself failed; this is a defect.',
  REALOPS_JOURNAL_DAMAGED: 'A journal is not what was written to it; nothing is done on its word.',
  REALOPS_JOURNAL_WRITE: 'A record could not be put on disk.',
  REALOPS_KEY_UNKNOWN: 'A key is not part of the suite language.',
  REALOPS_KNOB_FILE: 'The configuration file of a knob could not be read, or not be changed in place.',
  REALOPS_KNOB_INVALID: 'A knob is declared in a way that cannot be used.',
  REALOPS_KNOB_READ: 'A knob gave a value that its bounds do not know.',
  REALOPS_KNOB_UNKNOWN: 'A knob is named that the suite does not declare.',
  REALOPS_LEDGER_BUSY: 'Another run or loop holds the ledger of this system.',
  REALOPS_LEDGER_WRITE: 'The ledger of remedies could not be written; nothing is changed without it.',
  REALOPS_LOAD_FAILED: 'The suite has problems; nothing was run.',
  REALOPS_LOG_INVALID: 'An event log could not be read.',
  REALOPS_LOG_WRITE: 'The event log could not be written; the run was stopped because the log is the evidence.',
  REALOPS_METRIC_INVALID: 'A metric is declared or measured in a way its kind does not allow.',
  REALOPS_METRIC_UNKNOWN: 'A metric is read or measured that nothing declares.',
  REALOPS_NOTIFIER_UNKNOWN: 'A channel names a notifier that no loaded plugin registers.',
  REALOPS_NOTIFY_FAILED: 'A message for people could not be delivered; it may be tried again.',
  REALOPS_NOTIFY_REFUSED: 'The receiver refused a message for people; sending it again would not help.',
  REALOPS_OBJECTIVE_INVALID: 'An objective does not follow the grammar AGG(METRIC) OP VALUE[UNIT].',
  REALOPS_PACKAGE_MISSING: 'An optional package that the suite needs is not installed.',
  REALOPS_PLUGIN_INVALID: 'A plugin could not be loaded or does not follow the plugin interface.',
  REALOPS_PROCESS_REFUSED: 'A process may not be signalled or restarted, or cannot be told from others.',
  REALOPS_PROTOCOL: 'The system under test answered in a way its protocol does not allow.',
  REALOPS_REMEDY_CYCLE: 'Two remedies would move one knob to and fro.',
  REALOPS_REMEDY_UNREACHABLE: 'A remedy can never be used.',
  REALOPS_REPORTER_FAILED: 'A reporter or sink failed; the verdict is not affected.',
  REALOPS_SLO_UNKNOWN: 'An SLO is named that the suite does not have.',
  REALOPS_STEP_FAILED: 'A step failed in a way it did not describe further.',
  REALOPS_STEP_UNKNOWN: 'A step names a step type that no loaded plugin registers.',
  REALOPS_TARGET_FAILED: 'The system under test reported an error of its own.',
  REALOPS_TARGET_UNKNOWN: 'A step names a target that the suite does not list.',
  REALOPS_TEMPLATE_EMPTY: 'A template gave no value.',
  REALOPS_TIMEOUT: 'A step did not finish before its deadline.',
  REALOPS_UNTIL_NOT_REACHED: 'A condition was still not met when the repetitions or the deadline ran out.',
  REALOPS_USAGE: 'The command line is not valid.',
  REALOPS_VALUE_INVALID: 'A value in the suite has the wrong type, form or range.',
  REALOPS_WITH_INVALID: 'The parameters of a step do not fit its step type.',
  REALOPS_YAML_INVALID: 'A file is not YAML that suites may use.',
} as const;

/** A stable error code; the key of {@link CODES}. */
export type ErrorCode = keyof typeof CODES;

/** Whether a string is one of our codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(CODES, code);
}
