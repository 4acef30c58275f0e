export { createScope } from './scope.js';
export type { Resource, Scope } from './scope.js';
