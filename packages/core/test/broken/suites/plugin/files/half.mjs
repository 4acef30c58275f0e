export default { name: 'half', apiVersion: 1, steps: [{ use: 'half.step', description: 'Does nothing.', with: { type: 'object', properties: {} } }] };
