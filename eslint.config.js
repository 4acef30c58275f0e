import tseslint from 'typescript-eslint';

/** What library code may not take from the process. */
const AMBIENT = ['console', 'process'].map((name) => ({ name, message: 'Clock, env, output and randomness are parameters; only cli/ touches the process.' }));
const BANNED = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Take the clock as a parameter.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the clock as a parameter.' },
  { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'Take randomness as a parameter.' },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
];
const one = (name) => ({ name, message: `${name} is imported in exactly one file.` });
const LIBRARIES = ['ajv', 'jsonata', 'pino', 'yaml'];
const HOMES = { ajv: 'schema/validate.ts', jsonata: 'expression/compile.ts', pino: 'cli/logger.ts', yaml: 'yaml/document.ts' };

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/fixtures/**', 'packages/core/test/broken/**', 'examples/custom-plugin/**', '**/*.d.ts'] },
  ...tseslint.configs.strict.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/unified-signatures': 'off',
    },
  },
  { files: ['packages/*/src/**/*.ts'], ignores: ['**/*.test.ts', '**/cli/bin.ts', '**/time/clock.ts', '**/fixtures/**'], rules: { 'no-restricted-globals': ['error', ...AMBIENT], 'no-restricted-syntax': ['error', ...BANNED] } },
  { files: ['packages/plugin-*/src/index.ts'], rules: { 'no-restricted-syntax': ['error', ...BANNED.filter(({ selector }) => selector !== 'ExportDefaultDeclaration')] } },
  { files: ['packages/core/src/**/*.ts'], ignores: ['**/*.test.ts'], rules: { 'no-restricted-imports': ['error', { paths: LIBRARIES.map(one) }] } },
  ...LIBRARIES.map((library) => ({ files: [`packages/core/src/${HOMES[library]}`], rules: { 'no-restricted-imports': ['error', { paths: LIBRARIES.filter((each) => each !== library).map(one) }] } })),
);
