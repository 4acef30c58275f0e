export type { ArraySchema, Holds, Infer, ObjectSchema, Schema } from './infer.js';
export { shapeOf } from './shape.js';
export { compileSchema } from './validate.js';
export type { CompiledSchema } from './validate.js';
export type { SchemaIssue } from './explain.js';
