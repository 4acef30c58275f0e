import { isJsonObject } from '../text/index.js';

/** A node of a JSON Schema literal. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
}

function described(description: string | undefined): SchemaNode {
  return description === undefined ? {} : { description };
}

/** A text. */
export function text(description?: string): SchemaNode {
  return { type: 'string', ...described(description) };
}

/** A number. */
export function number(description?: string): SchemaNode {
  return { type: 'number', ...described(description) };
}

/** A whole number. */
export function integer(description?: string): SchemaNode {
  return { type: 'integer', ...described(description) };
}

/** A whole number from 1. */
export function count(description?: string): SchemaNode {
  return { type: 'integer', minimum: 1, ...described(description) };
}

/** One of a few words. */
export function enumOf(...words: readonly string[]): SchemaNode {
  return { type: 'string', enum: words };
}

/** A list of equal things. */
export function listOf(items: SchemaNode): SchemaNode {
  return { type: 'array', items };
}

/** The thing, or null. */
export function nullable(node: SchemaNode): SchemaNode {
  return typeof node['type'] === 'string' && node['enum'] === undefined ? { ...node, type: [node['type'], 'null'] } : { oneOf: [node, { type: 'null' }] };
}

/** An object whose `properties` must all be there; those of `optional` may. */
export function object(properties: { readonly [name: string]: SchemaNode }, optional: { readonly [name: string]: SchemaNode } = {}): SchemaNode {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) };
}

/** An object of any fields. */
export function jsonObject(): SchemaNode {
  return { type: 'object', properties: {}, additionalProperties: true };
}

/** An object that is a map from names to equal things. */
export function stringMap(values: SchemaNode): SchemaNode {
  return { type: 'object', properties: {}, additionalProperties: values };
}

/** Any JSON. */
export function anyJson(description: string): SchemaNode {
  return { description };
}

/** The same schema with every object open, for reading what a newer version has written. */
export function openNode(node: SchemaNode): SchemaNode {
  const opened = Object.fromEntries(Object.entries(node).map(([keyword, value]) => [keyword, keyword === 'enum' || keyword === 'required' ? value : openValue(value)]));
  return node['type'] === 'object' && node['additionalProperties'] === undefined ? { ...opened, additionalProperties: true } : opened;
}

function openValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(openValue);
  return isJsonObject(value) ? openNode(value) : value;
}
