export default { name: 'half-notifier', apiVersion: 1, notifiers: [{ name: 'pager', description: 'Pages.', with: { type: 'object', properties: {} } }] };
