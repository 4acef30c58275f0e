import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { load, RealopsError } from '../packages/core/src/index.js';
import { parseYaml } from '../packages/core/src/yaml/index.js';
import voice from '../packages/plugin-voice/src/index.js';
import { fencesOf, pages, read, root, type Fence } from './fences.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const isSuite = ({ text }: Fence): boolean => /^version:/m.test(text) && /^suite:/m.test(text);

describe.each(pages())('%s', (page) => {
  const fences = fencesOf(page);
  const yaml = fences.filter(({ language }) => language === 'yaml');

  if (yaml.some(isSuite)) it('has suites that load', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'realops-docs-'));
    folders.push(folder);
    for (const { file, text } of fences) {
      if (file === undefined) continue;
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    for (const [index, { place, text, file }] of yaml.filter(isSuite).entries()) {
      const path = join(folder, file ?? `suite-${index}.yaml`);
      writeFileSync(path, text);
      await expect(problemsOf(path), place).resolves.toEqual([]);
    }
  });

  if (yaml.length > 0) it('has YAML that is YAML', () => {
    for (const { place, text } of yaml) expect(parseYaml(place, text).problems.map(({ message }) => message), place).toEqual([]);
  });

  it('links to files that exist', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});

async function problemsOf(path: string): Promise<readonly string[]> {
  try {
    await load([path], { env: {}, plugins: [voice] });
    return [];
  } catch (error) {
    if (!(error instanceof RealopsError)) throw error;
    return error.problems.length === 0 ? [error.message] : error.problems.map(({ message, source }) => `${source?.line ?? 0}: ${message}`);
  }
}

it('every TypeScript block compiles', { timeout: 60_000 }, () => {
  const fences = pages().flatMap(fencesOf).filter(({ language }) => language === 'ts');
  expect(fences.length).toBeGreaterThan(5);
  const files = new Map(fences.map(({ text }, index) => [join(root, `docs/block-${index}.ts`), `${text}\nexport {};\n`]));
  const parsed = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), { noEmit: true }, { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined });
  if (parsed === undefined) throw new Error('tsconfig.json cannot be read');
  const host = ts.createCompilerHost(parsed.options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, { ...(typeof language === 'object' ? language : { languageVersion: language }), impliedNodeFormat: ts.ModuleKind.ESNext });
  };
  const program = ts.createProgram([...files.keys()], parsed.options, host);
  const wrong = [...files.keys()].flatMap((path, index) => {
    const source = program.getSourceFile(path);
    if (source === undefined) return [`${path} was not read`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText, start }) => `${fences[index]?.place} +${source.getLineAndCharacterOfPosition(start ?? 0).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
  expect(wrong).toEqual([]);
});
