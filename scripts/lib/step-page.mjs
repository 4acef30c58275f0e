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
    const below = property.type === 'object' ? rows(property, `${prefix}${name}.`) : property.type === 'array' && property.items?.type === 'object' ? rows(property.items, `${prefix}${name}[].`) : [];
    return [own, ...below];
  });
}

function kindOf(schema) {
  if (schema.holds === 'duration') return 'duration';
  if (schema.holds === 'expression') return 'JSONata';
  if (schema.holds !== undefined) return schema.holds;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.oneOf !== undefined) return schema.oneOf.map(kindOf).join(' or ');
  if (schema.type === 'array') return `list of ${kindOf(schema.items)}`;
  return schema.type ?? 'any';
}

/** A table as lines of Markdown. */
export function table(head, body) {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...body.map((row) => `| ${row.map(cell).join(' | ')} |`)];
}
