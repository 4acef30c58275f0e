import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { filesBelow, read } from './fences.js';

/** One import of a source file of the core. */
export interface Import {
  /** The importing file, relative to `packages/core/src`. */
  readonly from: string;
  /** The imported file relative to `packages/core/src`, or the name of a package. */
  readonly to: string;
  readonly relative: boolean;
  /** Gone at run time. */
  readonly typeOnly: boolean;
}

const SOURCE = 'packages/core/src';

/** The source files of the core that are part of the product, relative to `packages/core/src`. */
export function sources(): readonly string[] {
  return filesBelow(SOURCE, '.ts')
    .filter((path) => !/\.test\.ts$|\.d\.ts$/.test(path))
    .map((path) => path.slice(SOURCE.length + 1));
}

/** The text of a source file of the core. */
export function sourceOf(file: string): string {
  return read(join(SOURCE, file));
}

/** All imports of a source file: static, re-exporting and dynamic. */
export function importsOf(file: string): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean): void => {
    const relative = specifier.startsWith('.');
    found.push({ from: file, to: relative ? normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts') : specifier, relative, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const { importClause: clause } = node;
      const named = clause?.namedBindings;
      const allTypes = named !== undefined && ts.isNamedImports(named) && clause?.name === undefined && named.elements.length > 0 && named.elements.every(({ isTypeOnly }) => isTypeOnly);
      add(node.moduleSpecifier.text, clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || allTypes);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) add(node.moduleSpecifier.text, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) add(argument.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, sourceOf(file), ts.ScriptTarget.Latest, true));
  return found;
}
