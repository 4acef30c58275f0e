/** The documentation page of a step type, made from its own schema. */
export function stepPage(type, plugin) {
  const lines = [`# ${type.use}`, '', type.description, '', `From \`${plugin}\`.`, '', '## with', ''];
  lines.push(...table(['Parameter', 'Type', 'Default', 'Meaning'], rows(type.with)));
  if (type.output !== undefined) lines.push('', '## Output', '', ...table(['Name', 'Type', 'Meaning'], rows(type.output).map(([name, kind, , meaning]) => [name.replace(' (required)', ''), kind, meaning])));
  if ((type.metrics ?? []).length > 0) {
    lines.push('', '## Metrics', '');
    lines.push(...table(['Metric', 'Kind', 'Unit', 'Meaning', 'When an attempt fails'], type.metrics.map((metric) => [`\`${metric.name}\``, metric.kind, metric.unit, metric.description, metric.whenFailed === 'count' ? 'counts as the worst value' : 'nothing is recorded'])));
  }
  if ((type.needs ?? []).length > 0) lines.push('', `Needs the consent scopes ${type.needs.join(', ')}.`);
  if (type.sideEffects === true) lines.push('', 'Changes something outside; refused when the environment is production.');
  return `${lines.join('\n')}\n`;
}

/** A row for each parameter of a schema, those inside objects and lists included. */
export function rows(schema, prefix = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const required = schema.required?.includes(name) ? ' (required)' : '';
    const own = [`\`${prefix}${name}\`${required}`, kindOf(property), property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``, property.description ?? ''];
    return [own, ...below(property, `${prefix}${name}`)];
  });
}

/** The rows of what a parameter holds: of an object, of a list's objects, of the alternatives that are objects. */
function below(schema, name) {
  if (schema.type === 'object') return rows(schema, `${name}.`);
  if (schema.type === 'array') return below(schema.items ?? {}, `${name}[]`);
  return (schema.oneOf ?? []).flatMap((each) => below(each, name));
}

function kindOf(schema) {
  if (schema.holds === 'duration') return 'duration';
  if (schema.holds === 'expression') return 'JSONata';
  if (schema.holds === 'labels') return 'object';
  if (schema.holds !== undefined) return schema.holds;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.oneOf !== undefined) return [...new Set(schema.oneOf.map(kindOf))].join(' or ');
  if (schema.type === 'array') return `list of ${kindOf(schema.items)}`;
  return schema.type ?? 'any';
}

/** A table as lines of Markdown. */
export function table(head, body) {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...body.map((row) => `| ${row.map(cell).join(' | ')} |`)];
}
