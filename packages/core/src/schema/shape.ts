import type { Shape } from '../expression/types.js';
import type { ObjectSchema, Schema } from './infer.js';

const OPEN: Shape = { kind: 'open' };

/** What expressions can read of a value that fits a schema: an untyped or extensible part is open. Without a schema there is nothing to read. */
export function shapeOf(schema: ObjectSchema | undefined): Shape {
  return schema === undefined ? { kind: 'keys', keys: {} } : shapeOfNode(schema);
}

function shapeOfNode(schema: Schema): Shape {
  if (!('type' in schema) || schema.type === undefined) return OPEN;
  if (schema.type === 'array') return { kind: 'list', items: 'items' in schema ? shapeOfNode(schema.items) : OPEN };
  if (schema.type !== 'object' || !('properties' in schema)) return { kind: 'keys', keys: {} };
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false) return OPEN;
  return { kind: 'keys', keys: Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, shapeOfNode(property)])) };
}
