export { compileExpression } from './compile.js';
export type { CompiledExpression, ExpressionOptions } from './compile.js';
export { compileTemplate } from './template.js';
export type { TemplateOptions } from './template.js';
export type { Expression, Functions, Scope, Shape, Template } from './types.js';
