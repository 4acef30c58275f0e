import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { OWN_PID } from '../../src/journal/index.js';
import { openLedger } from '../../src/remedy/store.js';
import { systemClock } from '../../src/time/index.js';
import { listed, NONE, project, RESTART, SUITE, system } from './system.js';

describe('realops undo', () => {
  it('puts back what a change replaced, once, and says who asked', async () => {
    const shop = await system();
    const { realops } = await project(shop);
    await realops('run', '.', '--remediate', 'apply');
    const done = await realops('undo', '1', '.');
    expect([done.code, done.out, done.error, shop.workers]).toEqual([0, 'workers is 2 again\n', '', 2]);
    expect(await listed(realops)).toMatchObject([{ state: 'rolled-back', by: 'anna', why: 'asked' }]);
    expect((await realops('ledger', '.')).out).toContain('  result    a person asked for it\n  person    anna\n');
    const again = await realops('undo', '1', '.');
    expect([again.code, again.error]).toEqual([3, expect.stringContaining('change 1 of workers is not in force: it was rolled back already')]);
    const other = await realops('undo', '11', '.');
    expect([other.code, other.error]).toEqual([3, 'realops undo: REALOPS_VALUE_INVALID  the ledger has no change "11"\nhint: did you mean "1"? Changes: 1\n']);
  });

  it('leaves a value alone that someone else has set', async () => {
    const shop = await system();
    const { realops } = await project(shop);
    await realops('run', '.', '--remediate', 'apply');
    shop.workers = 7;
    const done = await realops('undo', '1', '--json');
    expect([done.code, JSON.parse(done.out), shop.workers]).toEqual([2, { id: '1', param: 'workers', state: 'conflict', before: 2, found: 7 }, 7]);
    expect((await realops('ledger', '.')).out).toContain('change 1  conflict  workers 2 → 4\n');
    expect((await realops('ledger', '.')).out).toContain('  result    someone else had set it to 7; it was left alone\n');
  });

  it('takes changes that stand on each other back from the top', async () => {
    const shop = await system(2, 9);
    const { realops } = await project(shop);
    await realops('run', '.', '--remediate', 'apply');
    shop.need = 6;
    await realops('run', '.', '--remediate', 'apply');
    expect((await listed(realops)).map(({ state, before, after }) => [state, before, after])).toEqual([['kept', 2, 4], ['kept', 4, 6]]);
    expect((await realops('ledger', '.')).out).toContain('  undo      change 2 stands on it: undo that one first\n');
    const early = await realops('undo', '1', '.');
    expect([early.code, early.error, shop.workers]).toEqual([3, 'realops undo: REALOPS_VALUE_INVALID  change 2 of workers stands on change 1\nhint: undo change 2 first\n', 6]);
    expect([(await realops('undo', '2', '.')).code, shop.workers]).toEqual([0, 4]);
    expect([(await realops('undo', '1', '.')).code, shop.workers]).toEqual([0, 2]);
  });

  it('says what to do by hand when the system is gone, and the next run does it', async () => {
    const shop = await system();
    const { cwd, realops } = await project(shop);
    await realops('run', '.', '--remediate', 'apply');
    const suite = await readFile(join(cwd, 'scenarios.yaml'), 'utf8');
    await writeFile(join(cwd, 'scenarios.yaml'), suite.replace('"${{ env.API }}"', 'http://127.0.0.1:1'));
    const done = await realops('undo', '1', '.');
    expect([done.code, done.out, shop.workers]).toEqual([2, `workers could not be put back yet; the next run tries again. By hand: POST ${shop.url}/config {"workers":2}\n`, 4]);
    expect((await realops('ledger', '.')).out).toContain('  result    the next run finishes it before anything else\n');
    await writeFile(join(cwd, 'scenarios.yaml'), suite);
    await realops('run', '.', '--remediate', 'propose', '--json');
    expect(shop.workers).toBe(2);
  });

  it('tells the problems of a broken suite with their places', async () => {
    const shop = await system();
    const { cwd, realops } = await project(shop);
    await realops('run', '.', '--remediate', 'apply');
    await writeFile(join(cwd, 'scenarios.yaml'), SUITE.replace('maxStep: 2', 'maxStp: 2'));
    const done = await realops('undo', '1', '.');
    expect([done.code, done.out, shop.workers]).toEqual([3, '', 4]);
    expect(done.error).toContain('did you mean "maxStep"?');
    expect(done.error).toMatch(/^scenarios\.yaml:\d+:\d+ /);
  });
});

describe('realops approve', () => {
  it('allows exactly one change, once', async () => {
    const shop = await system();
    const { realops } = await project(shop);
    await realops('run', '.');
    const [{ digest } = NONE] = await listed(realops);
    const wrong = await realops('approve', `${digest.slice(0, -1)}x`, '.');
    expect([wrong.code, wrong.error]).toEqual([3, expect.stringContaining(`hint: did you mean "${digest}"?`)]);
    const allowed = await realops('approve', digest, '.', '--for', '2h', '--by', 'bo');
    expect([allowed.code, allowed.out]).toEqual([0, expect.stringMatching(/^workers may be changed from 2 to 4 once, until 20\d\d-\d\d-\d\d \d\d:\d\d UTC\n$/)]);
    expect((await realops('ledger', '.')).out).toMatch(/^proposal {2}approved {2}workers 2 → 4\n[^]*\n {2}allowed {3}by bo once, until 20.* UTC; the next run makes it if its cause is still there\n$/);
    // The default mode makes what was approved, and nothing else.
    expect([(await realops('run', '.')).code, shop.workers]).toEqual([0, 4]);
    expect(await listed(realops)).toMatchObject([{ id: '2', state: 'kept', by: 'bo' }]);
    const used = await realops('approve', digest, '.');
    expect([used.code, used.error]).toEqual([3, `realops approve: REALOPS_VALUE_INVALID  the proposal ${digest} was carried out already: it is change 2\nhint: nothing is proposed now\n`]);
  });

  it('is over after its time', async () => {
    const shop = await system();
    const { realops } = await project(shop);
    await realops('run', '.');
    const [{ digest } = NONE] = await listed(realops);
    const { out } = await realops('approve', digest, '.', '--for', '1ms', '--json');
    expect(JSON.parse(out)).toMatchObject({ digest, param: 'workers', before: 2, after: 4, by: 'anna', recorded: true });
    await sleep(5);
    expect((await realops('ledger', '.')).out).toMatch(/^proposal {2}not approved any more {2}workers 2 → 4\n[^]*by anna until .* UTC, which is over\n {2}allow {5}realops approve /);
    expect([(await realops('run', '.')).code, shop.workers]).toEqual([1, 2]);
    await realops('approve', digest, '.');
    expect([(await realops('run', '.')).code, shop.workers]).toEqual([0, 4]);
  });

  it('does not allow another change: the value moved, so the proposal is another one', async () => {
    const shop = await system(2, 5);
    const { realops } = await project(shop);
    await realops('run', '.');
    const [{ digest } = NONE] = await listed(realops);
    await realops('approve', digest, '.');
    shop.workers = 3;
    expect([(await realops('run', '.')).code, shop.workers]).toEqual([1, 3]);
    const proposals = await listed(realops);
    expect(proposals).toMatchObject([{ state: 'proposed', before: 3, after: 5 }]);
    expect(proposals[0]?.digest).not.toBe(digest);
    const old = await realops('approve', digest, '.');
    expect([old.code, old.error]).toEqual([3, expect.stringContaining(`there is no proposal "${digest}"\nhint: proposals: ${proposals[0]?.digest}`)]);
  });

  it('is always asked for a restart, which cannot be undone', async () => {
    const shop = await system();
    const { realops } = await project(shop, RESTART);
    const first = await realops('run', '.', '--remediate', 'apply');
    expect([first.code, shop.restarts]).toEqual([1, 0]);
    const [{ digest } = NONE] = await listed(realops);
    expect((await realops('ledger', '.')).out).toMatch(/^proposal {2}proposed {2}pool \(service\.restart\)\n[^]* {2}waits {5}it needs an approval\n/);
    expect((await realops('approve', digest, '.')).out).toMatch(/^pool \(service\.restart\) may be done once, until /);
    shop.need = 1;
    shop.workers = 0;
    await realops('run', '.', '--remediate', 'apply');
    expect(shop.restarts).toBe(1);
    const undone = await realops('undo', '2', '.');
    expect([undone.code, undone.error]).toEqual([3, expect.stringContaining('change 2 cannot be undone: nothing to undo: pool runs as before')]);
  });
});

describe('realops ack', () => {
  it('ends "needs a person", and remedies go on', async () => {
    const shop = await system(2, 9);
    const { realops } = await project(shop);
    for (let run = 0; run < 3; run += 1) await realops('run', '.', '--remediate', 'apply');
    shop.need = 4;
    expect([(await realops('run', '.', '--remediate', 'apply')).code, shop.workers]).toEqual([2, 2]);
    const wrong = await realops('ack', 'to_few', '.');
    expect([wrong.code, wrong.error]).toEqual([3, 'realops ack: REALOPS_VALUE_INVALID  the ledger knows no issue "to_few"\nhint: did you mean "too_few"? Issues: too_few\n']);
    const done = await realops('ack', 'too_few', '.', '--by', 'bo');
    expect([done.code, done.out]).toEqual([0, 'too_few: seen to by bo; it was: 3 loops in a row ended with it unsolved\n']);
    expect((await realops('ledger', '.')).out).not.toContain('needs a person');
    expect((await realops('ack', 'too_few', '.')).out).toBe('too_few: seen to by anna (nobody was needed)\n');
    expect([(await realops('run', '.', '--remediate', 'apply')).code, shop.workers]).toEqual([0, 4]);
  });
});

describe('a ledger that another process holds', () => {
  it('is still read; requests wait for the holder, undo and remedies do not go on', async () => {
    const shop = await system();
    const { cwd, realops } = await project(shop);
    await realops('run', '.');
    const [{ digest } = NONE] = await listed(realops);
    const held = await openLedger({ folder: join(cwd, '.realops'), clock: systemClock, owner: 'loop of workers', pid: OWN_PID });
    try {
      expect(await listed(realops)).toMatchObject([{ state: 'proposed' }]);
      expect(await realops('approve', digest, '.')).toMatchObject({ code: 0, out: expect.stringContaining('; the process that holds the ledger takes it up\n') });
      expect(JSON.parse((await realops('ack', 'too_few', '.', '--json')).out)).toMatchObject({ issue: 'too_few', recorded: false });
      expect(await realops('undo', '1', '.')).toMatchObject({ code: 4, out: '', error: expect.stringMatching(/^realops undo: REALOPS_LEDGER_BUSY {2}process \d+ on .* \(loop of workers\) has held the ledger since .*\nhint: wait for it or stop it/) });
      const done = await realops('run', '.', '--remediate', 'apply');
      expect([done.code, shop.workers]).toEqual([1, 2]);
      expect(done.out).toContain('off in this run: process');
    } finally {
      await held[Symbol.asyncDispose]();
    }
    // What was left is taken up by the next run, once.
    expect([(await realops('run', '.')).code, shop.workers]).toEqual([0, 4]);
  });
});

describe('a damaged ledger', () => {
  it('is told with its line; nothing is done on its word', async () => {
    const shop = await system();
    const { cwd, realops } = await project(shop);
    await realops('run', '.', '--remediate', 'apply');
    const file = join(cwd, '.realops/ledger.jsonl');
    await copyFile(file, `${file}.good`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"after":4', '"after":8'));
    for (const args of [['ledger', '.'], ['undo', '1', '.'], ['ack', 'too_few', '.'], ['approve', 'abc', '.']]) {
      const done = await realops(...args);
      expect([args, done.code, done.out, done.error]).toEqual([args, 4, '', expect.stringMatching(/REALOPS_JOURNAL_DAMAGED {2}.*ledger\.jsonl:2: it is not what was written\nhint: nothing is changed on the word of a damaged journal/)]);
    }
    const done = await realops('run', '.', '--remediate', 'apply');
    expect([done.code, shop.workers]).toEqual([4, 4]);
    expect(done.out).toContain('the ledger cannot be used, so nobody knows in what state the system is');
    await copyFile(`${file}.good`, file);
    await rm(`${file}.good`);
    expect([(await realops('undo', '1', '.')).code, shop.workers]).toEqual([0, 2]);
  });
});
