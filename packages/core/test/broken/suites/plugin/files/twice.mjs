export default {
  name: 'twice',
  apiVersion: 1,
  steps: [{ use: 'http.request', description: 'Another one.', with: { type: 'object', properties: {} }, run: async () => ({}) }],
};
