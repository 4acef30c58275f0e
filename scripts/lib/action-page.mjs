import { rows, table } from './step-page.mjs';

/** The documentation page of an action, made from its own schema. */
export function actionPage(type, plugin) {
  const lines = [`# ${type.use}`, '', type.description, '', `From \`${plugin}\`.`, ''];
  if (type.structural === true) lines.push('Does more than turn a knob inside its bounds, so each change needs an approval bound to exactly that change.', '');
  if (type.stateless === true) lines.push('There is nothing to compare or undo; whether it helped is for the repeated scenarios to say.', '');
  const calls = Object.entries(type.with.properties).filter(([, property]) => isCall(property));
  const own = rows(type.with).filter(([name]) => !calls.some(([call]) => name.startsWith(`\`${call}.`) && name.slice(1).split(/[`.]/)[1] !== 'at'));
  lines.push('## with', '', ...table(['Parameter', 'Type', 'Default', 'Meaning'], own));
  const [first] = calls;
  if (first !== undefined) {
    const properties = Object.fromEntries(Object.entries(first[1].properties).filter(([name]) => name !== 'at'));
    lines.push('', '## A call', '', `${calls.map(([name]) => `\`${name}\``).join(', ')} ${calls.length === 1 ? 'takes' : 'take'} these parameters of [http.request](../steps/http.request.md).`, '');
    lines.push(...table(['Parameter', 'Type', 'Default', 'Meaning'], rows({ ...first[1], properties })));
  }
  return `${lines.join('\n')}\n`;
}

/** Whether a parameter holds an HTTP call. */
function isCall({ properties = {} }) {
  return properties.url?.holds === 'target' && properties.method !== undefined;
}
