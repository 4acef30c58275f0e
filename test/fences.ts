import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A block of code in a page. The word behind the language is the file that it stands for: ```yaml slos.yaml */
export interface Fence {
  /** `docs/start.md:12`, the place of the block. */
  readonly place: string;
  readonly page: string;
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

/** The pages that people read, without the generated ones. */
export function pages(): readonly string[] {
  const top = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  const examples = ['custom-plugin', 'embed-in-vitest'].map((name) => `examples/${name}/README.md`);
  const packages = ['core', 'plugin-voice'].map((name) => `packages/${name}/README.md`);
  return [...top, ...docs, ...examples, ...packages];
}

/** The text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every block of code of a page. */
export function fencesOf(page: string): readonly Fence[] {
  const lines = read(page).split('\n');
  const fences: Fence[] = [];
  let open: { readonly line: number; readonly mark: string; readonly info: string } | undefined;
  for (const [index, line] of lines.entries()) {
    const mark = /^(`{3,})(.*)$/.exec(line);
    if (open === undefined && mark !== null) open = { line: index + 1, mark: mark[1] ?? '', info: (mark[2] ?? '').trim() };
    else if (open !== undefined && line === open.mark) {
      const [language = '', file] = open.info.split(/\s+/);
      fences.push({ place: `${page}:${open.line}`, page, language, file, text: lines.slice(open.line, index).join('\n') });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line} opens a block of code that is not closed`);
  return fences;
}

/** All files below a folder of the repository whose names end so, relative to the root. */
export function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(node_modules|dist[^/]*)\//.test(path))
    .sort();
}
