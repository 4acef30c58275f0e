import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, costOf, inScratch, withServer } from '../lib/measure.mjs';

export const limits = { cpu_s: { most: 0.35 }, mib: { most: 100 } };

const SERVER = `
require('node:http').createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const answer = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (request.url === '/login') answer(200, { token: 't-' + JSON.parse(body).user });
    else if (request.headers.authorization !== 'Bearer t-alice') answer(401, {});
    else answer(200, request.url === '/items' ? { items: [{ id: 7 }, { id: 8 }] } : { id: 7, name: 'lamp' });
  });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

const SUITE = `version: 1
suite: three-steps
targets: { shop: "\${{ env.SHOP }}" }
scenarios:
  - id: flow
    steps:
      - { id: login, use: http.request, with: { url: shop, path: /login, json: { user: alice } }, expect: status = 200, save: { token: body.token } }
      - { id: list, use: http.request, with: { url: shop, path: /items, headers: { authorization: 'Bearer \${{ saved.token }}' } }, expect: $count(body.items) = 2, save: { id: 'body.items[0].id' } }
      - { id: get, use: http.request, with: { url: shop, path: '/items/\${{ saved.id }}', headers: { authorization: 'Bearer \${{ saved.token }}' } }, expect: body.name = 'lamp' }
slos: [{ id: fast, objective: p95(http.total) < 200ms }]
`;

/** CPU and memory of a whole run of three HTTP steps with all reports: log in and keep the token, list and keep an id, get and check. */
export function measure() {
  return withServer(SERVER, (url) =>
    inScratch((folder) => {
      writeFileSync(join(folder, 'scenarios.yaml'), SUITE);
      return costOf([cli, 'run', '.'], { cwd: folder, env: { ...process.env, SHOP: url } });
    }),
  );
}
