export { CODES, isErrorCode } from './codes.js';
export type { ErrorCode } from './codes.js';
export { asRealopsError, messageOf, RealopsError } from './realops-error.js';
export type { Problem, SourceRange } from './realops-error.js';
export { codeFrame, formatProblem, formatProblems, sortProblems } from './format.js';
export type { FormatOptions } from './format.js';
