export default {
  name: 'output',
  apiVersion: 1,
  steps: [
    {
      use: 'row.read',
      description: 'Reads a row.',
      with: { type: 'object', properties: {} },
      output: { type: 'object', properties: { row: {} } },
      run: async () => ({ row: {} }),
    },
  ],
};
