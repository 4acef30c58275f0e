import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow, read, root } from './fences.js';

const SOURCE = 'packages/core/src';

/** One import of a module of the core by another; both relative to its `src`. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Whether something of it is there at run time; a type is not. */
  readonly real: boolean;
}

/** The sources of the core without tests and what only tests use, relative to `src`. */
export function sources(): readonly string[] {
  return filesBelow(SOURCE, '.ts').map((path) => path.slice(SOURCE.length + 1)).filter((path) => !/\.test\.ts$|\/fixtures\/|\.d\.ts$|(^|\/)(sample-run|support)\.ts$/.test(path));
}

/** Every import of a file: static and dynamic, of values and of types. */
export function importsOf(path: string): readonly { readonly specifier: string; readonly real: boolean }[] {
  const source = ts.createSourceFile(path, read(join(SOURCE, path)), ts.ScriptTarget.Latest, false);
  const found: { readonly specifier: string; readonly real: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push({ specifier: node.moduleSpecifier.text, real: isReal(node) });
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) found.push({ specifier: argument.text, real: true });
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) found.push({ specifier: node.argument.literal.text, real: false });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether an import is there at run time. Under verbatimModuleSyntax only the word `type` takes it away. */
function isReal(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    if (node.isTypeOnly) return false;
    return node.exportClause === undefined || ts.isNamespaceExport(node.exportClause) || node.exportClause.elements.length === 0 || node.exportClause.elements.some(({ isTypeOnly }) => !isTypeOnly);
  }
  const clause = node.importClause;
  if (clause === undefined) return true;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false;
  if (clause.name !== undefined || clause.namedBindings === undefined || ts.isNamespaceImport(clause.namedBindings)) return true;
  return clause.namedBindings.elements.length === 0 || clause.namedBindings.elements.some(({ isTypeOnly }) => !isTypeOnly);
}

/** Every import of one module of the core by another. */
export function edges(): readonly Edge[] {
  return sources().flatMap((from) =>
    importsOf(from).flatMap(({ specifier, real }) => {
      if (!specifier.startsWith('.')) return [];
      const target = join(root, SOURCE, from, '..', specifier).slice(join(root, SOURCE).length + 1);
      return [{ from, to: target.replace(/\.js$/, '.ts'), real }];
    }),
  );
}

/** Every import of the core from outside: packages and Node's own modules. */
export function packagesOf(path: string): readonly { readonly name: string; readonly real: boolean }[] {
  return importsOf(path).flatMap(({ specifier, real }) => (specifier.startsWith('.') || specifier.startsWith('node:') ? [] : [{ name: /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier, real }]));
}
