export { parseYaml } from './document.js';
export type { YamlDocument, YamlLimits, YamlPath } from './document.js';
