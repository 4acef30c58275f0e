export { compileExpression } from './compile.js';
export { compileTemplate } from './template.js';
export type { Expression, Functions, Scope, Shape, Template } from './types.js';
