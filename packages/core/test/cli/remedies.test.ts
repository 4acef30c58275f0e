import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listed, project, system } from './system.js';

describe('realops run --remediate', () => {
  it('off judges and changes nothing, and keeps no ledger', async () => {
    const shop = await system();
    const { cwd, realops } = await project(shop);
    const done = await realops('run', '.', '--remediate', 'off');
    expect([done.code, done.error, shop.workers]).toEqual([1, '', 2]);
    expect(done.out).not.toContain('proposal');
    expect(existsSync(join(cwd, '.realops'))).toBe(false);
    expect((await realops('ledger', '.')).out).toBe('there is no ledger in .realops yet: no run has looked for remedies with this state folder\n');
  });

  it('propose is the default: says what it would do and with which command it may', async () => {
    const shop = await system();
    const { cwd, realops } = await project(shop);
    const done = await realops('run', '.');
    expect([done.code, shop.workers]).toEqual([1, 2]);
    const [proposal] = await listed(realops);
    expect(proposal).toMatchObject({ state: 'proposed', before: 2, after: 4, by: 'realops' });
    expect(done.out).toContain(`realops approve ${proposal?.digest} .`);
    expect(await readFile(join(cwd, 'runs/latest/summary.md'), 'utf8')).toContain(`realops approve ${proposal?.digest} .`);
    const { out } = await realops('ledger', '.');
    expect(out).toContain('proposal  proposed  workers 2 → 4\n');
    expect(out).toContain(`  allow     realops approve ${proposal?.digest} .\n`);
  });

  it('apply changes, repeats, keeps, and is exit code 0', async () => {
    const shop = await system();
    const { realops } = await project(shop);
    const done = await realops('run', '.', '--remediate', 'apply', '--json');
    expect([done.code, shop.workers]).toEqual([0, 4]);
    expect(JSON.parse(done.out)).toMatchObject({ outcome: 'remedied', exit_code: 0, remediations: [{ id: '1', state: 'kept', param: 'workers', before: 2, after: 4 }], manual_actions: [] });
    const list = await listed(realops);
    expect(list).toEqual([expect.objectContaining({ id: '1', issue: 'too_few', remedy: 'more_workers', param: 'workers', before: 2, after: 4, rollback: `POST ${shop.url}/config {"workers":2}`, state: 'kept', loop: 1, time: expect.stringMatching(/^20\d\d-.*Z$/) })]);
    expect((await realops('run', '.', '--remediate', 'apply', '--json')).code).toBe(0);
    expect(await listed(realops)).toEqual(list);
  });

  it('rolls everything back after two attempts, and calls for a person in the third run', async () => {
    const shop = await system(2, 9);
    const { realops } = await project(shop);
    const first = await realops('run', '.', '--remediate', 'apply');
    expect([first.code, shop.workers]).toEqual([1, 4]);
    expect((await realops('ledger', '.')).out).toContain('change 1  did not help  workers 2 → 4\n');
    expect([(await realops('run', '.', '--remediate', 'apply')).code, shop.workers]).toEqual([1, 2]);
    const third = await realops('run', '.', '--remediate', 'apply');
    expect([third.code, shop.workers]).toEqual([2, 2]);
    expect(third.out).toContain('NEEDS A HUMAN');
    expect((await listed(realops)).map(({ id, state }) => [id, state])).toEqual([['1', 'rolled-back'], ['2', 'rolled-back']]);
    expect((await realops('ledger')).out).toMatch(/\nneeds a person {2}too_few: 3 loops in a row ended with it unsolved\n {2}seen to {3}realops ack too_few \.\n$/);
  });

  it('finds out that a write did nothing', async () => {
    const shop = await system();
    shop.deaf = true;
    const { realops } = await project(shop);
    expect((await realops('run', '.', '--remediate', 'apply')).code).toBe(1);
    expect(await listed(realops)).toMatchObject([{ state: 'aborted', why: 'the write was answered, but the value did not change' }]);
    expect((await realops('ledger', '.')).out).toContain('change 1  not made  workers 2 → 4\n');
  });

  it('keeps its state where --state says, and every command it prints says so too', async () => {
    const shop = await system();
    const { cwd, realops } = await project(shop);
    const proposed = await realops('run', '.', '--state', 'my state');
    const [proposal] = await listed(realops, '--state', 'my state');
    const approve = `realops approve ${proposal?.digest} . --state 'my state'`;
    expect(proposed.out).toContain(approve);
    expect((await realops('ledger', '--state', 'my state')).out).toContain(`  allow     ${approve}\n`);
    expect(existsSync(join(cwd, '.realops'))).toBe(false);
    expect((await realops('run', '.', '--state', 'my state', '--remediate', 'apply')).code).toBe(0);
    expect((await realops('ledger', '.', '--state', 'my state')).out).toContain(`  undo      realops undo 2 . --state 'my state'\n  by hand   POST ${shop.url}/config {"workers":2}\n`);
    expect((await realops('undo', '2', '.', '--state', 'my state')).code).toBe(0);
    expect(shop.workers).toBe(2);
  });

  it.each([
    [['run', '.', '--remediate', 'aply'], '--remediate takes off, propose or apply, got "aply"'],
    [['ledger', 'a', 'b'], 'name one suite'],
    [['ledger', '--colour'], '--colour'],
    [['ledger', 'nowhere.yaml'], 'there is no file or folder nowhere.yaml'],
    [['legder'], 'did you mean "ledger"?'],
    [['undo'], 'name the change to undo'],
    [['approve'], 'name the proposal'],
    [['ack'], 'name the issue'],
    [['approve', 'abc', '.', '--for', 'soon'], '--for takes a duration such as 30m or 24h, got "soon"'],
    [['approve', 'abc', '.', '--for', '0s'], 'more than 0 s and at most 365 days'],
    [['approve', 'abc', '.', '--for', '9999d'], 'more than 0 s and at most 365 days'],
    [['approve', 'abc', '.'], 'there is no proposal "abc"\nhint: nothing is proposed now'],
    [['ack', 'abc', '.'], 'the ledger knows no issue "abc"\nhint: it knows none'],
    [['undo', '1', '.'], 'the ledger has no change "1"\nhint: nothing was changed yet'],
  ])('tells a bad command line in words: %j', async (args, words) => {
    const { realops } = await project(await system());
    const done = await realops(...args);
    expect([done.code, done.out, done.error]).toEqual([3, '', expect.stringContaining(words)]);
    expect(done.error).not.toContain('    at ');
  });
});
