import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/page/report.js';
import { healedSlos } from '../../src/wording/issues.js';
import { sideValue } from '../../src/wording/remedies.js';
import { sloCells, VERDICT_WORDS } from '../../src/wording/words.js';
import { aliceRun, couldNotRun, hostileRun, type Sample } from './sample.js';
import { curvesRun, hostileCurves } from './sample-curves.js';
import { hostilePictures, picturesRun } from './sample-pictures.js';
import { hostileRemedies, remediedRun, undoneRun, waitingRun } from './sample-remedies.js';

const CHROMIUM = '/usr/bin/chromium';
const missing = !existsSync(CHROMIUM);
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const SAMPLES: { readonly [name: string]: Sample } = {
  failing: aliceRun({ kind: 'failing' }), healthy: aliceRun({ kind: 'healthy' }), 'no-data': aliceRun({ kind: 'no-data' }), torn: aliceRun({ kind: 'failing', torn: true }), 'could-not-run': couldNotRun(), hostile: hostileRun(15),
  remedied: remediedRun(), undone: undoneRun(), waiting: waitingRun(), 'hostile-remedies': hostileRemedies(), curves: curvesRun(), 'hostile-curves': hostileCurves(), pictures: picturesRun(), 'hostile-pictures': hostilePictures(),
};

/** Looked at by axe: the page with most on it every way, the others in some. */
const VIEWS: readonly (readonly [name: string, dark: boolean, width: number])[] = [
  ['failing', false, 1280], ['failing', false, 390], ['failing', true, 1280], ['failing', true, 390],
  ['no-data', true, 390], ['could-not-run', false, 1280], ['hostile', false, 390], ['hostile', true, 1280],
  ['remedied', false, 1280], ['remedied', true, 360], ['undone', false, 360], ['undone', true, 1280], ['waiting', false, 1280], ['waiting', false, 360], ['waiting', true, 1280], ['hostile-remedies', false, 360],
  ['curves', false, 1280], ['curves', true, 390], ['hostile-curves', true, 360],
  ['pictures', false, 1280], ['pictures', true, 1280], ['pictures', true, 360], ['hostile-pictures', false, 360],
];

/** What the page says of itself, read in the page. */
const IN_PAGE = {
  verdict: `document.querySelector('h1').textContent`,
  slos: `[...document.querySelectorAll('tr.slo')].map((row) => [row.dataset.slo, row.querySelector('.badge').textContent, row.querySelector('.actual').textContent, row.checkVisibility()])`,
  overflow: `document.documentElement.scrollWidth - document.documentElement.clientWidth`,
  ready: `document.documentElement.dataset.events`,
  small: `[...document.querySelectorAll('button, summary, nav a, input')].filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect()).filter((r) => r.width < 24 || r.height < 24).length`,
};

describe.skipIf(missing)(`report.html in a browser${missing ? ` (skipped: there is no ${CHROMIUM})` : ''}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let folder = '';
  let shots = '';
  const url = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'realops-page-'));
    shots = process.env['PAGE_SHOTS'] ?? join(folder, 'shots');
    mkdirSync(shots, { recursive: true });
    for (const [name, { report, events }] of Object.entries(SAMPLES)) writeFileSync(join(folder, `${name}.html`), renderReport(report, events));
    browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: ARGS });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A page of its own that tells what it asked for and what went wrong. */
  async function open(name: string, options: { readonly width?: number; readonly dark?: boolean; readonly script?: boolean; readonly bypass?: boolean } = {}): Promise<{ readonly page: Page; readonly requests: string[]; readonly complaints: string[]; close(): Promise<void> }> {
    const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 900 }, colorScheme: options.dark === true ? 'dark' : 'light', javaScriptEnabled: options.script ?? true, bypassCSP: options.bypass ?? false, permissions: [] });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => void (request.url().startsWith('data:') || requests.push(request.url())));
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('pageerror', (error) => void complaints.push(error.message));
    await page.goto(url(name));
    if (options.script !== false) await page.locator('html[data-events]').waitFor({ timeout: 10_000 });
    return { page, requests, complaints, close: () => context.close() };
  }

  it('loads nothing, keeps its own policy and says nothing on the console', async () => {
    for (const name of Object.keys(SAMPLES)) {
      const { page, requests, complaints, close } = await open(name);
      expect(await page.evaluate(IN_PAGE.ready)).toBe('ready');
      expect({ name, requests, complaints }).toEqual({ name, requests: [url(name)], complaints: [] });
      expect(await page.title()).not.toBe('1');
      await close();
    }
  });

  it('is whole without scripts: verdict, every SLO with its number, failures, events', async () => {
    for (const [name, { report, events }] of Object.entries(SAMPLES)) {
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      await page.goto(url(name));
      // Evaluation by the test is allowed where scripts of the page are not.
      const slos = await page.evaluate<readonly (readonly [string, string, string, boolean])[]>(IN_PAGE.slos);
      expect(slos).toHaveLength(report.slos.length);
      const healed = healedSlos(report);
      if (name !== 'hostile') {
        for (const slo of report.slos) {
          const was = healed.get(slo.id);
          const actual = sloCells(slo).actual;
          expect(slos.find(([id]) => id === slo.id)).toEqual([slo.id, was === undefined ? VERDICT_WORDS[slo.verdict] : 'remedied', was === undefined ? actual : `was ${sideValue(was, 'before')} ${actual}`, true]);
        }
      }
      expect(await page.locator('article[data-change]').count()).toBe(report.remediations.length);
      expect(await page.locator('section.part > h2').count()).toBe(await page.locator('nav a').count());
      expect(await page.locator('#milestones tbody tr').count()).toBeGreaterThan(0);
      expect(await page.locator('#log').isVisible()).toBe(false);
      expect(await page.evaluate(IN_PAGE.verdict)).toMatch(/\S+\.$/);
      expect(events.length).toBe(report.events);
      await context.close();
    }
  });

  it('does not scroll sideways at any width', async () => {
    for (const name of ['failing', 'hostile', 'could-not-run', 'remedied', 'waiting', 'hostile-remedies', 'curves', 'hostile-curves', 'pictures', 'hostile-pictures']) {
      const { page, close } = await open(name);
      for (const width of [320, 390, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        expect({ name, width, overflow: await page.evaluate(IN_PAGE.overflow) }).toEqual({ name, width, overflow: 0 });
        expect({ name, width, small: await page.evaluate(IN_PAGE.small) }).toEqual({ name, width, small: 0 });
      }
      await close();
    }
  });

  it('gives axe nothing to complain about, light and dark, wide and narrow', async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const [name, dark, width] of VIEWS) {
      const { page, close } = await open(name, { dark, width, bypass: true });
      await page.evaluate(`for (const d of document.querySelectorAll('details')) d.open = true`);
      await page.evaluate(axe);
      const found = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0] ?? n.all[0] ?? n.none[0] ?? {}).message).join(' | ')))`);
      expect({ name, dark, width, found }).toEqual({ name, dark, width, found: [] });
      await page.screenshot({ path: join(shots, `${name}-${dark ? 'dark' : 'light'}-${width}.png`), fullPage: true });
      await close();
    }
  }, 180_000);

  it('finds events by words, walks them by keys and shows one as JSON', async () => {
    const { page, complaints, close } = await open('failing');
    const { events } = SAMPLES['failing'] ?? { events: [] };
    await page.locator('#q').fill('step_end asr_cafe failed');
    const wanted = events.filter((event) => event.event === 'step_end' && event.scenario === 'asr_cafe' && event.outcome === 'failed').length;
    await page.getByText(`${wanted} of ${events.length} events`).waitFor({ timeout: 5_000 });
    expect(await page.locator('.erow').count()).toBe(wanted);
    await page.locator('#window').focus();
    await page.keyboard.press('End');
    expect(JSON.parse((await page.locator('#json').textContent()) ?? '')).toEqual(events.findLast((event) => event.event === 'step_end' && event.scenario === 'asr_cafe' && event.outcome === 'failed'));
    await page.locator('#q').fill('');
    await page.locator('#found').getByText(`${events.length} events`, { exact: true }).waitFor({ timeout: 5_000 });
    expect(await page.locator('.erow').count()).toBeLessThan(60);
    await page.locator('button.find').first().click();
    const [first] = SAMPLES['failing']?.report.scenarios.flatMap(({ failures }) => failures) ?? [];
    expect(await page.locator('#q').inputValue()).toBe(first?.trace_id);
    await page.locator('#found').getByText(`${events.filter((event) => 'trace_id' in event && event.trace_id === first?.trace_id).length} of ${events.length} events`, { exact: true }).waitFor({ timeout: 5_000 });
    expect(complaints).toEqual([]);
    await close();
  });

  it('draws pictures that can be read: no label on another, none outside of its lane, and narrow ones scroll by themselves', async () => {
    const { page, close } = await open('pictures');
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(`for (const d of document.querySelectorAll('details')) d.open = true`);
      const seen = await page.evaluate<{ readonly labels: number; readonly clashes: number; readonly outside: number; readonly drawn: number }>(`(() => {
        let [labels, clashes, outside] = [0, 0, 0];
        for (const svg of document.querySelectorAll('.score svg[role=img]')) {
          const lane = svg.getBoundingClientRect();
          const boxes = [...svg.querySelectorAll('text.said')].map((each) => each.getBoundingClientRect());
          labels += boxes.length;
          outside += boxes.filter((b) => b.left < lane.left - 1 || b.right > lane.right + 1 || b.bottom > lane.bottom + 1).length;
          boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => { if (a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom) clashes += 1; }));
        }
        return { labels, clashes, outside, drawn: document.querySelectorAll('.score rect.tone').length };
      })()`);
      expect(seen.labels).toBeGreaterThan(30);
      expect(seen.drawn).toBeGreaterThan(60);
      expect({ width, clashes: seen.clashes, outside: seen.outside }).toEqual({ width, clashes: 0, outside: 0 });
      expect(await page.evaluate(`[...document.querySelectorAll('.picture .scroll')].every((e) => e.scrollWidth ${width === 360 ? '>' : '<='} e.clientWidth)`)).toBe(true);
    }
    await close();
  });

  it('opens what is closed for print, and closes it again', async () => {
    const { page, close } = await open('failing');
    const closed = `document.querySelectorAll('details:not([open])').length`;
    const before = await page.evaluate(closed);
    expect(before).toBeGreaterThan(0);
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.evaluate(closed)).toBe(0);
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    expect(await page.evaluate(closed)).toBe(before);
    expect((await page.pdf({ path: join(shots, 'failing.pdf'), format: 'A4' })).length).toBeGreaterThan(10_000);
    await close();
  });
});
