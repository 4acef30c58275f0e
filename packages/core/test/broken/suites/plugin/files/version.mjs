export default { name: 'newer', apiVersion: 2 };
