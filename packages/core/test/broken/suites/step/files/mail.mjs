export default {
  name: 'mail',
  apiVersion: 1,
  steps: [
    {
      use: 'mail.send',
      description: 'Sends a mail.',
      sideEffects: true,
      with: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] },
      async run() {
        return {};
      },
    },
  ],
};
