import { child, type Draft, type Node } from './draft.js';

/** Reports every key that holds a `${{ }}`: only values are templates, and a key would be sent as it is written. */
export function refuseTemplateKeys(node: Node, draft: Draft): void {
  if (typeof node.value !== 'object' || node.value === null) return;
  const list = Array.isArray(node.value);
  for (const key of Object.keys(node.value)) {
    const below = child(node, list ? Number(key) : key);
    if (!list && key.includes('${{')) draft.report('REALOPS_EXPRESSION_SYNTAX', 'a key may not be a template', below, 'only values hold ${{ }}; let a step give the whole object', 'key');
    refuseTemplateKeys(below, draft);
  }
}
