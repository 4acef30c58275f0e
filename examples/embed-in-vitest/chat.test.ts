import { fileURLToPath } from 'node:url';
import { load, run } from '@alice/realops';
import { expect, test } from 'vitest';
import { assertHealthy, explain } from './explain.js';
import { startAssistant } from './assistant.js';

const suiteFile = fileURLToPath(new URL('chat.yaml', import.meta.url));

test('the assistant greets within its SLO', async () => {
  await using assistant = await startAssistant();
  const suite = await load([suiteFile], { env: { API_BASE: assistant.url } });
  assertHealthy(await run(suite, { tags: ['smoke'] }).report);
});

test('events can be followed while the suite runs', async () => {
  await using assistant = await startAssistant();
  const suite = await load([suiteFile], { env: { API_BASE: assistant.url } });
  await using running = run(suite, { tags: ['smoke'] });
  const ended: string[] = [];
  for await (const event of running) if (event.event === 'test_end') ended.push(event.outcome);
  expect(ended).toEqual(['passed', 'passed', 'passed']);
});

test('a failure says which SLO, which row and how to run it again', async () => {
  await using assistant = await startAssistant({ refuse: 'god morgon' });
  const suite = await load([suiteFile], { env: { API_BASE: assistant.url } });
  const report = await run(suite, { suiteArgument: 'chat.yaml' }).report;
  expect(report.outcome).toBe('failed');
  expect(explain(report)).toMatch(/chat is failed: 1 of 2 SLOs failed, 2 of 5 rows failed/);
  expect(explain(report)).toContain('SLO Chat answers: ≥ 99 %, got 66.7 % (n = 3): fail');
  expect(explain(report)).toMatch(/greetings row 2, step ask \(chat\.yaml:\d+\): expected status = 200; got {"status":503}/);
  expect(explain(report)).toMatch(/jokes row 2, step ask \(chat\.yaml:\d+\): expected body\.response != ''/);
  expect(explain(report)).toContain('again: realops run chat.yaml --scenario jokes --row 2');
});
