export default {
  name: 'schema',
  apiVersion: 1,
  steps: [{ use: 'bad.schema', description: 'Cannot be checked.', with: { type: 'object', properties: { a: { type: 'text' } } }, run: async () => ({}) }],
};
