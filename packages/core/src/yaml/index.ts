export { parseYaml } from './document.js';
export type { YamlDocument } from './document.js';
