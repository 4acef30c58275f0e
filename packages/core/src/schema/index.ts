export { shapeOf } from './shape.js';
export { compileSchema } from './validate.js';
export type { SchemaIssue } from './explain.js';
