import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './run.mjs';

const PATIENCE_MS = 300_000;

/** Does one thing at a time across processes: two builds into the same folder would each delete what the other made. A lock whose owner is gone is taken over. */
export async function withLock(name, work) {
  const folder = join(root, 'node_modules/.cache/realops');
  const file = join(folder, `${name}.lock`);
  mkdirSync(folder, { recursive: true });
  const until = Date.now() + PATIENCE_MS;
  while (!take(file)) {
    if (Date.now() > until) throw new Error(`${file} is held by process ${ownerOf(file)} for too long`);
    if (!isAlive(ownerOf(file))) rmSync(file, { force: true });
    else await sleep(100);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
}

/** A link is there with its content or not at all, so nobody reads a lock without an owner. */
function take(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The process that holds the lock; 0 when it has just been released. */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
