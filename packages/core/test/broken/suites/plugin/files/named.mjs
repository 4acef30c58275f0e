export const plugin = { name: 'named', apiVersion: 1 };
