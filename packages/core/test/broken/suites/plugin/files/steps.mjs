export default { name: 'steps', apiVersion: 1, steps: {} };
