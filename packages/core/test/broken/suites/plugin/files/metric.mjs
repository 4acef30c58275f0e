export default {
  name: 'metric',
  apiVersion: 1,
  steps: [
    {
      use: 'http.other',
      description: 'Measures under a name that is taken.',
      with: { type: 'object', properties: {} },
      metrics: [{ name: 'http.total', kind: 'counter', unit: 'count', description: 'Something else.' }],
      run: async () => ({}),
    },
  ],
};
